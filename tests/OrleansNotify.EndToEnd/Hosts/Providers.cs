using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Telegram;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Hosts;

/// <summary>The sandbox's receivers, in this process: they outlive the hosts that a test kills.</summary>
internal sealed class Providers : IAsyncDisposable
{
    private readonly SandboxServer _sandbox;

    private Providers(SandboxServer sandbox) => _sandbox = sandbox;

    public Inbox Inbox => _sandbox.Inbox;

    public Sandbox.Faults Faults => _sandbox.Faults;

    public TelegramChats Chats => _sandbox.Chats;

    /// <summary>The key pair of the hosts that use these providers.</summary>
    public VapidPair Vapid { get; } = VapidPair.Make();

    /// <summary>A host's environment for all channels.</summary>
    public Dictionary<string, string> Environment => HostEnvironment.Smtp(_sandbox.SmtpPort).With(
        HostEnvironment.Telegram(new Uri(_sandbox.BotApiUrl), _sandbox.BotToken), HostEnvironment.Push(new Uri(_sandbox.PushUrl), Vapid));

    public static async Task<Providers> Start(SandboxOptions? options = null) =>
        new(await SandboxServer.StartAsync(options ?? new SandboxOptions(), TimeProvider.System));

    /// <summary>A new push device: its id in the inbox, and its subscription as a browser describes it.</summary>
    public (string Id, object Subscription) Device()
    {
        var device = _sandbox.Push.NewSubscription(Vapid.PublicKey);
        return (device.Id, new { endpoint = device.Endpoint, keys = new { p256dh = device.P256dh, auth = device.Auth } });
    }

    /// <summary>Waits until a receiver has taken something for somebody.</summary>
    public async Task WaitFor(Receiver receiver, string to, TimeSpan atMost)
    {
        using CancellationTokenSource timeout = new(atMost);
        try
        {
            await Inbox.WaitUntil(items => items.Any(item => item.Receiver == receiver && item.To == to), timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Within {atMost} the {receiver} receiver took nothing for {to}.");
        }
    }

    /// <summary>How much a receiver has taken for somebody.</summary>
    public int CountOf(Receiver receiver, string to) => Inbox.Items.Count(item => item.Receiver == receiver && item.To == to);

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();
}
