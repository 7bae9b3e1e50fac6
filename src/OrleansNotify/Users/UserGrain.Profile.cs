using System.Collections.Immutable;
using OrleansNotify.Channels.Push;
using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.Users;

// Preferences, addresses, devices.
internal sealed partial class UserGrain
{
    /// <summary>Push devices of one user; the oldest gives way to one more.</summary>
    public const int MostDevices = 20;

    public async Task<UserView?> GetUser()
    {
        await Load();
        return Profile.Known ? Profile.View() : null;
    }

    public async Task<Preferences?> GetPreferences()
    {
        await Load();
        return Profile.Known ? Profile.Preferences with { Version = Profile.PreferencesVersion } : null;
    }

    public Task<ChangeResult> SetUser(UserUpdate update) => SetUser(update, Precondition.None);

    public async Task<ChangeResult> SetUser(UserUpdate update, Precondition when)
    {
        var errors = UserRules.Check(update, out var stored);
        if (errors.Count > 0) return new ChangeResult { Errors = errors };
        await Load();
        if (Profile.Erasing) return new ChangeResult { Erasing = true };
        if (!when.Holds(Profile.Known ? Profile.UserVersion : null)) return new ChangeResult { Stale = true };
        var kept = await KeptFor(stored);
        await Change(profile => (profile.To(stored.Email, stored.TelegramChatId) with { Locale = stored.Locale! }).Without(kept));
        return new ChangeResult();
    }

    public async Task<UserView?> EnableAddress(Channel channel)
    {
        await Load();
        if (!Profile.Known) return null;
        await Change(profile => profile.Enable(channel));
        return Profile.View();
    }

    public Task<ChangeResult> SetPreferences(Preferences preferences) => SetPreferences(preferences, Precondition.None);

    public async Task<ChangeResult> SetPreferences(Preferences preferences, Precondition when)
    {
        var errors = PreferenceRules.Check(preferences);
        if (errors.Count > 0) return new ChangeResult { Errors = errors };
        await Load();
        if (Profile.Erasing) return new ChangeResult { Erasing = true };
        if (!when.Holds(Profile.Known ? Profile.PreferencesVersion : null)) return new ChangeResult { Stale = true };
        string[] wanted = when.NamesVersion ? [.. Profile.Preferences.UnsubscribedTypes.Except(preferences.UnsubscribedTypes)] : [];
        await Change(profile => profile with
        {
            Preferences = preferences with
            {
                // Who does not say what he has seen may have seen them before an unsubscribe, or before it was taken back.
                UnsubscribedTypes = when.NamesVersion ? preferences.UnsubscribedTypes : profile.Preferences.UnsubscribedTypes,
                Version = 0,
            },
        });
        // Last: whoever is not answered asks again.
        await Release(wanted);
        return new ChangeResult();
    }

    public Task<bool> Unsubscribe(string type) => SetUnsubscribed(types => types.Contains(type) ? types : types.Add(type));

    public async Task<bool> Subscribe(string type)
    {
        var known = await SetUnsubscribed(types => types.Remove(type));
        if (known) await Release([type]);
        return known;
    }

    // What somebody who was erased had unsubscribed from with an address that is new here.
    private Task<string[]> KeptFor(UserUpdate update)
    {
        var known = Profile.Addresses;
        Addresses added = new()
        {
            Email = update.Email == known.Email ? null : update.Email,
            TelegramChatId = update.TelegramChatId == known.TelegramChatId ? null : update.TelegramChatId,
        };
        return Read(() => silo.Unsubscribes.Of(added));
    }

    private Task<bool> Release(IEnumerable<string> types) => Read(() => Done(silo.Unsubscribes.Release(Profile.Addresses, types)));

    private async Task<bool> SetUnsubscribed(Func<ImmutableArray<string>, ImmutableArray<string>> change)
    {
        await Load();
        if (!Profile.Known) return false;
        await Change(profile => profile with
        {
            Preferences = profile.Preferences with { UnsubscribedTypes = change(profile.Preferences.UnsubscribedTypes) },
        });
        return true;
    }

    public async Task<AddPushSubscriptionResult> AddPushSubscription(PushSubscription subscription)
    {
        await Load();
        if (Profile.Erasing) return new AddPushSubscriptionResult { Erasing = true };
        if (silo.Options.Push is not { } push) return Wrong("endpoint", "push is not configured here");
        var errors = SubscriptionRules.Check(subscription, silo.Endpoints, push.VapidPublicKey, silo.Clock.GetUtcNow(), out var device);
        if (errors.Count > 0) return new AddPushSubscriptionResult { Errors = errors };
        await Change(profile => profile with { Addresses = profile.Addresses with { Devices = With(profile.Addresses.Devices, device!) } });
        return new AddPushSubscriptionResult { Id = device!.Id };
    }

    // The newest is of a browser that was just here; of too many the one that came first gives way, which most likely is of none any more.
    private static ImmutableArray<PushDevice> With(ImmutableArray<PushDevice> devices, PushDevice added) =>
        [.. devices.Where(known => known.Id != added.Id).Append(added).TakeLast(MostDevices)];

    private static AddPushSubscriptionResult Wrong(string field, string what) =>
        new() { Errors = new Dictionary<string, string[]> { [field] = [what] } };

    public async Task<bool> RemovePushSubscription(string subscriptionId)
    {
        await Load();
        if (Profile.Addresses.Devices.All(device => device.Id != subscriptionId)) return false;
        await Change(profile => profile with
        {
            Addresses = profile.Addresses with { Devices = profile.Addresses.Devices.RemoveAll(device => device.Id == subscriptionId) },
        });
        return true;
    }

    /// <summary>
    /// Writes the profile, then raises the outbox's version, so that another activation that decided by the old profile does not commit;
    /// and looks again at the messages that wait.
    /// </summary>
    private async Task Change(Func<Profile, Profile> change)
    {
        await Load();
        // Even where nothing changes: the caller may be asking again because the commit that follows was not made.
        await WriteProfile(change(Profile) with { Known = true });
        await Commit(
            messages =>
            {
                FollowEach(messages, messages.EachAsItStands().Where(message => message.Running is null));
                return true;
            },
            always: true);
    }

    private async Task WriteProfile(Profile changed)
    {
        var before = Profile;
        if (changed == before) return;
        try
        {
            _profile.State = changed.After(before, silo.StoreClock.Now);
            await StoreFault.Guard(() => silo.Profiles.WriteStateAsync(ProfileState, this.GetGrainId(), _profile));
        }
        catch (StoreFault fault)
        {
            (_profile.State, _known) = (before, false);
            throw Unavailable(fault);
        }
    }

    private async Task ApplyToAddresses(Message message, Channel channel, Outcome outcome)
    {
        if (Profile.Erasing) return;
        var kind = Settlement.Resolve(message, channel, outcome, Profile, SentToOthersSince);
        var changed = AddressEffects.After(Profile, message.Id, channel, kind, outcome, silo.Clock.GetUtcNow());
        if (changed == Profile) return;
        await WriteProfile(changed);
        silo.Metrics.SubscriptionsExpired(outcome.Devices.Count(device => device.Kind == OutcomeKind.AddressGone));
    }
}
