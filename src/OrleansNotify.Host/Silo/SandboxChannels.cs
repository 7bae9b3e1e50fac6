using OrleansNotify.Host.Settings;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;

namespace OrleansNotify.Host.Silo;

/// <summary>The sandbox's receivers, in the place of those channels that have no settings.</summary>
internal sealed class SandboxChannels : IAsyncDisposable
{
    private readonly AsyncStack _receivers = new();

    /// <summary>What the receivers took over.</summary>
    public Inbox Inbox { get; } = new(TimeProvider.System);

    /// <summary>What they are told to do instead.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Starts a receiver for each channel that has no settings, and answers settings that lead to them.</summary>
    public async Task<HostSettings> Connect(HostSettings settings)
    {
        if (settings.Email is null)
        {
            var smtp = _receivers.Push(await SandboxSmtpServer.StartAsync(new SmtpServerOptions(), Inbox, Faults, TimeProvider.System));
            settings = settings with
            {
                Email = new EmailOptions
                {
                    Host = "127.0.0.1",
                    Port = smtp.Port,
                    Security = SmtpSecurity.None,
                    From = "OrleansNotify <notify@sandbox.example>",
                },
                Sandboxed = settings.Sandboxed.Add(Channel.Email),
            };
        }

        return settings;
    }

    public ValueTask DisposeAsync() => _receivers.DisposeAsync();
}
