using System.Text.Json;
using OrleansNotify.Channels.Telegram;
using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Channels.Email;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Channels.Telegram;

/// <summary>A sender and the Bot API that it sends to, on one clock. The token is marked, so that it is seen wherever it gets to.</summary>
internal sealed class TelegramRig : IAsyncDisposable
{
    public const string Secret = "MARKED-secret_of-the-bot", Token = $"100200300:{Secret}";

    public WatchedClock Clock { get; } = new();
    public SandboxServer Sandbox { get; private set; } = null!;
    public TelegramSender Sender { get; private set; } = null!;

    public static async Task<TelegramRig> Start(string? baseUrl = null, string token = Token)
    {
        TelegramRig rig = new();
        rig.Sandbox = await SandboxServer.StartAsync(new SandboxOptions { BotToken = Token }, rig.Clock);
        rig.Sender = new TelegramSender(new TelegramOptions { BotToken = token, ApiBaseUrl = baseUrl ?? rig.Sandbox.BotApiUrl }, rig.Clock);
        return rig;
    }

    public DeliveredTelegram[] Chat => [.. Sandbox.Inbox.Items.Cast<DeliveredTelegram>()];

    public SendJob Job(Turn? turn = null, string chat = Given.Chat) => new()
    {
        MessageId = Guid.CreateVersion7(Clock.GetUtcNow()),
        UserId = "ann",
        Template = World.Template("price_alert_triggered"),
        Vars = Given.Alert.TemplateVars,
        Locale = "en",
        To = new Addresses { TelegramChatId = chat },
        LifeLeft = TimeSpan.FromHours(1),
        Turn = turn ?? Turn.Unlimited,
    };

    /// <summary>Sends, and sees to it that whatever came of it says nothing of the token and names the address.</summary>
    public async Task<Outcome> Send(SendJob? job = null, CancellationToken? hardEnd = null)
    {
        job ??= Job();
        var outcome = await Sender.Send(job, hardEnd ?? TestContext.Current.CancellationToken);
        Assert.DoesNotContain(Secret, JsonSerializer.Serialize(outcome), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(job.To.TelegramChatId, outcome.Address);
        return outcome;
    }

    public void Fault(FaultKind kind, int status = 0, string? text = null, int? retryAfter = null, TimeSpan delay = default) =>
        Sandbox.Faults.Add(Receiver.Telegram, new OrleansNotify.Sandbox.Fault { Kind = kind, Status = status, Text = text, RetryAfter = retryAfter, Delay = delay });

    public async ValueTask DisposeAsync()
    {
        Sender.Dispose();
        await Sandbox.DisposeAsync();
    }
}
