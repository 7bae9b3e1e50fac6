using System.Collections.Immutable;
using OrleansNotify.Campaigns;

namespace OrleansNotify.Users;

// What is kept of a user.
internal sealed partial class UserGrain
{
    private const int MostExportedLetters = 10_000;

    public async Task<UserExport?> Export()
    {
        await Load();
        if (!Profile.Known) return null;
        var messages = _outbox.Messages.Values.Select(stored => stored.Message).Concat(await Settled()).Concat(await Letters(MostExportedLetters));
        return new UserExport
        {
            UserId = UserId,
            User = Profile.View(),
            Preferences = Profile.Preferences,
            Devices = [.. Profile.Addresses.Devices.Select(device => new ExportedDevice(device.Id, device.Endpoint, device.CreatedAt))],
            GoneAddresses = [.. Profile.Gone.Select(gone => new ExportedAddress(gone.Channel, gone.Address, gone.Reason, gone.At))],
            Messages = [.. messages.DistinctBy(message => message.Id).OrderByDescending(message => message.CreatedAt).Select(message => new ExportedMessage(message.View(), message.Vars))],
            IdempotencyKeys = [.. _outbox.Keys.Select(key => new ExportedKey(key.Key, key.Value.MessageId, key.Value.At)).OrderBy(key => key.At)],
            Campaigns = await ExportCampaigns(),
        };
    }

    private async Task<ImmutableArray<ExportedCampaign>> ExportCampaigns()
    {
        var exported = ImmutableArray.CreateBuilder<ExportedCampaign>();
        foreach (var (campaign, state) in await Read(() => silo.CampaignRows.Of(UserId)))
        {
            // Once a message is made, it has the variables.
            var vars = state is RecipientState.New or RecipientState.Held ? await Read(() => silo.CampaignRows.VarsOf(campaign, UserId)) : null;
            exported.Add(new ExportedCampaign(campaign, state, vars));
        }

        return exported.ToImmutable();
    }
}
