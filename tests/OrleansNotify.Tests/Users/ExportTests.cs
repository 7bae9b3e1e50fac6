using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Users;

public sealed class ExportTests(StoreFixture stores)
{
    [Fact]
    public async Task All_that_is_kept_of_a_user_is_given_but_the_devices_secrets()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        Assert.Null(await cluster.User("ann").Export());
        var user = await cluster.UserWith(telegram: true, preferences: new Preferences { UnsubscribedTypes = ["education"], FallbackOrder = [Channel.Email] });
        var device = await cluster.AddDevice("ann", "https://fcm.googleapis.com/1");
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.AddressGone, "5.1.1", Given.Email));
        var letter = (await user.Send(Given.Alert)).MessageId;
        await user.Until(letter, MessageStatus.DeadLettered);
        cluster.Email.Answers(Outcomes.Sent);
        await user.SetUser(new UserUpdate { Email = "new@b.example", TelegramChatId = Given.Chat, Locale = "de" });
        var sent = (await user.Send(Given.Alert with { IdempotencyKey = "k" })).MessageId;
        await user.Until(sent, MessageStatus.Sent);
        var waits = (await user.Send(Given.Failure with { SendAt = cluster.Clock.GetUtcNow().AddHours(1) })).MessageId;
        await user.Send(Given.Insight);

        var export = (await user.Export())!;

        Assert.Equal(("ann", "new@b.example", Given.Chat, "de"), (export.UserId, export.User.Email, export.User.TelegramChatId, export.User.Locale));
        Assert.Equal(["education"], export.Preferences.UnsubscribedTypes);
        Assert.Equal((device, "https://fcm.googleapis.com/1"), (Assert.Single(export.Devices).Id, export.Devices[0].Endpoint));
        Assert.Equal((Channel.Email, Given.Email, "bounce 5.1.1"), (Assert.Single(export.GoneAddresses).Channel, export.GoneAddresses[0].Address, export.GoneAddresses[0].Reason));
        Assert.Equal(("k", sent), (Assert.Single(export.IdempotencyKeys).Key, export.IdempotencyKeys[0].MessageId));
        var messages = export.Messages.ToDictionary(each => each.Message.MessageId);
        Assert.Equal(4, messages.Count);
        Assert.Equal(MessageStatus.DeadLettered, messages[letter!.Value].Message.Status);
        Assert.Equal(Given.Alert.TemplateVars.Json, messages[sent!.Value].TemplateVars.Json);
        Assert.Equal(Given.Failure.TemplateVars.Json, messages[waits!.Value].TemplateVars.Json);
        Assert.Single(messages.Values, each => each.Message.Status == MessageStatus.Skipped);
        Assert.Empty(export.Campaigns);
    }
}
