using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Hosts;

/// <summary>The sandbox's receivers, in this process: they outlive the hosts that a test kills.</summary>
internal sealed class Providers : IAsyncDisposable
{
    private readonly SandboxSmtpServer _smtp;

    private Providers(Inbox inbox, Faults faults, SandboxSmtpServer smtp) => (Inbox, Faults, _smtp) = (inbox, faults, smtp);

    public Inbox Inbox { get; }

    public Faults Faults { get; }

    /// <summary>A host's environment for all channels.</summary>
    public Dictionary<string, string> Environment => HostEnvironment.Smtp(_smtp.Port);

    public static async Task<Providers> Start(SmtpServerOptions? smtp = null)
    {
        Inbox inbox = new(TimeProvider.System);
        Faults faults = new();
        return new Providers(inbox, faults, await SandboxSmtpServer.StartAsync(smtp ?? new SmtpServerOptions(), inbox, faults, TimeProvider.System));
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

    public ValueTask DisposeAsync() => _smtp.DisposeAsync();
}
