using System.Buffers.Text;
using System.Text.Json;
using OrleansNotify.Channels.Push;
using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Push;
using OrleansNotify.Tests.Channels.Email;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Channels.Push;

/// <summary>A sender and the push service that it sends to, on one clock.</summary>
internal sealed class PushRig : IAsyncDisposable
{
    public WatchedClock Clock { get; } = new();
    public VapidKeys Keys { get; } = VapidKeys.Generate();
    public SandboxServer Sandbox { get; private set; } = null!;
    public PushSender Sender { get; private set; } = null!;

    public static async Task<PushRig> Start(params string[] others)
    {
        PushRig rig = new();
        rig.Sandbox = await SandboxServer.StartAsync(new SandboxOptions(), rig.Clock);
        PushOptions options = new()
        {
            VapidPublicKey = rig.Keys.PublicKey,
            VapidPrivateKey = rig.Keys.PrivateKey,
            ClaimEmail = "ops@notify.example",
            AllowedOrigins = [rig.Sandbox.PushUrl, .. others],
        };
        rig.Sender = new PushSender(options, new EndpointPolicy(options.AllowedOrigins), rig.Clock);
        return rig;
    }

    public DeliveredPush[] Pushes => [.. Sandbox.Inbox.Items.Cast<DeliveredPush>()];

    public BrowserSubscription Subscribe(string? vapidKey = null) => Sandbox.Push.NewSubscription(vapidKey ?? Keys.PublicKey);

    /// <summary>The device that a browser's subscription is stored as.</summary>
    public PushDevice Device(BrowserSubscription subscription, string? endpoint = null) => new()
    {
        Id = subscription.Id,
        Endpoint = endpoint ?? subscription.Endpoint,
        P256dh = Base64Url.DecodeFromChars(subscription.P256dh),
        Auth = Base64Url.DecodeFromChars(subscription.Auth),
        VapidKey = subscription.VapidKey!,
        CreatedAt = Clock.GetUtcNow(),
    };

    public PushDevice Device(string? endpoint = null) => Device(Subscribe(), endpoint);

    public SendJob Job(params PushDevice[] devices) => new()
    {
        MessageId = Guid.CreateVersion7(Clock.GetUtcNow()),
        UserId = "ann",
        Template = World.Template("price_alert_triggered"),
        Vars = Given.Alert.TemplateVars,
        Locale = "en",
        To = new Addresses { Devices = [.. devices] },
        LifeLeft = TimeSpan.FromHours(1),
    };

    /// <summary>Sends, and sees to it that whatever came of it holds no endpoint.</summary>
    public async Task<Outcome> Send(SendJob job, CancellationToken? hardEnd = null)
    {
        var outcome = await Sender.Send(job, hardEnd ?? TestContext.Current.CancellationToken);
        var told = JsonSerializer.Serialize(outcome);
        Assert.All(job.To.Devices, device => Assert.DoesNotContain(device.Endpoint, told, StringComparison.Ordinal));
        Assert.DoesNotContain("eyJ0eXAiOiJKV1Qi", told, StringComparison.Ordinal);
        Assert.Equal(job.To.Devices.Select(device => device.Id), outcome.Devices.Select(device => device.SubscriptionId));
        return outcome;
    }

    public void Fault(FaultKind kind, int status = 0, string? text = null, int? retryAfter = null, string? to = null, TimeSpan delay = default) =>
        Sandbox.Faults.Add(Receiver.Push, new OrleansNotify.Sandbox.Fault { Kind = kind, Status = status, Text = text, RetryAfter = retryAfter, Delay = delay }, to: to);

    public async ValueTask DisposeAsync()
    {
        Sender.Dispose();
        await Sandbox.DisposeAsync();
    }
}
