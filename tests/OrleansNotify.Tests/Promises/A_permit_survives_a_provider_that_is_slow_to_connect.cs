using System.Collections.Immutable;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansNotify.Channels.Email;
using OrleansNotify.Channels.Telegram;
using OrleansNotify.RateLimiting;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;
using OrleansNotify.Tests.Channels.Http;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_permit_survives_a_provider_that_is_slow_to_connect(StoreFixture stores)
{
    [Fact]
    public async Task Whose_handshake_takes_300_milliseconds()
    {
        const string Taken = """{"ok":true,"result":{"message_id":7,"date":1,"chat":{"id":4711,"type":"private"}}}""";
        TaskCompletionSource handshake = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var certificate = RawServer.NewCertificate("localhost");
        await using RawServer server = new(RawServer.Answer(200, Taken), certificate: certificate, handshake: handshake.Task);
        await using var cluster = await Limited(Channel.Telegram, new RateLimit(20, TimeSpan.FromSeconds(1)));
        TelegramOptions options = new() { BotToken = "1:test", ApiBaseUrl = $"https://localhost:{server.Port}" };
        using TelegramSender sender = new(options, cluster.Clock, RawServer.TrustIn(certificate));
        cluster.Telegram.Answer = sender.Send;
        var user = await cluster.UserWith(email: false, telegram: true);
        var receipt = await user.Send(Given.Alert);
        await Eventually.True(() => server.Accepted == 1);

        var end = cluster.Clock.GetUtcNow().AddMilliseconds(300);
        await Moving(cluster, TimeSpan.FromMilliseconds(5), () => Task.FromResult(cluster.Clock.GetUtcNow() >= end && cluster.Telegram.Jobs.Count > 1));
        handshake.SetResult();
        await Moving(cluster, TimeSpan.FromMilliseconds(5), async () => (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Sent);

        await SentOnce(user, receipt);
        // A second one where a turn was taken before the last one's withdrawal was noticed; never one for each turn.
        Assert.InRange(server.Accepted, 1, 2);
    }

    [Fact]
    public async Task Whose_mail_server_greets_after_6_seconds()
    {
        await using var cluster = await Limited(Channel.Email, new RateLimit(100, TimeSpan.FromMinutes(1)));
        Faults faults = new();
        faults.Add(Receiver.Email, new OrleansNotify.Sandbox.Fault { Kind = FaultKind.Delay, Stage = SmtpStage.Greeting, Delay = TimeSpan.FromSeconds(6) });
        Inbox inbox = new(cluster.Clock);
        await using var server = await SandboxSmtpServer.StartAsync(new SmtpServerOptions(), inbox, faults, cluster.Clock);
        EmailOptions email = new() { Host = "127.0.0.1", Port = server.Port, From = "alerts@b.example" };
        NotifyOptions options = new() { ServiceId = "test", PublicUrl = "https://notify.example", Email = email };
        UnsubscribeLinks links = new(new EphemeralDataProtectionProvider());
        await using EmailSender sender = new(options, links, cluster.Clock, NullLogger<EmailSender>.Instance);
        cluster.Email.Answer = sender.Send;
        var user = await cluster.UserWith();
        var asked = cluster.Clock.GetUtcNow();
        var receipt = await user.Send(Given.Alert);

        await Moving(cluster, TimeSpan.FromMilliseconds(100), async () => (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Sent);

        await SentOnce(user, receipt);
        Assert.True(cluster.Clock.GetUtcNow() - asked >= TimeSpan.FromSeconds(6));
        Assert.True(cluster.Email.Jobs.Count > 1);
        // A second one where a turn was taken before the last one's withdrawal was noticed; never one for each turn.
        Assert.InRange(server.Accepted, 1, 2);
        Assert.Single(inbox.Items);
    }

    private async Task<NotifyCluster> Limited(Channel channel, RateLimit limit) =>
        await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: ImmutableDictionary<Channel, RateLimit>.Empty.Add(channel, limit));

    // What was withdrawn did not happen: it is no attempt, and nobody was blamed.
    private static async Task SentOnce(IUserGrain user, Receipt receipt)
    {
        var message = (await user.GetMessage(receipt.MessageId!.Value))!;
        Assert.Equal(
            [MessageEventType.Accepted, MessageEventType.Waiting, MessageEventType.Attempt, MessageEventType.Sent], message.Events.Select(e => e.Type));
    }

    private static Task Moving(NotifyCluster cluster, TimeSpan step, Func<Task<bool>> holds) => Eventually.True(async () =>
    {
        cluster.Clock.Advance(step);
        return await holds();
    });
}
