using OrleansNotify.Host.Settings;
using OrleansNotify.Sandbox;

namespace OrleansNotify.Host.Silo;

/// <summary>The sandbox's receivers, in the place of those channels that have no settings.</summary>
internal sealed class SandboxChannels : IAsyncDisposable
{
    private SandboxChannels(SandboxServer server) => Server = server;

    /// <summary>The receivers.</summary>
    public SandboxServer Server { get; }

    public static async Task<SandboxChannels> Start() => new(await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System));

    /// <summary>Settings in which each channel without settings leads to its receiver, and links to the product to a page that stands for it.</summary>
    public HostSettings Connect(HostSettings settings)
    {
        settings = settings with { AppUrl = settings.AppUrl ?? new Uri(Server.AppUrl) };
        if (settings.Email is null)
        {
            EmailOptions email = new()
            {
                Host = "127.0.0.1",
                Port = Server.SmtpPort,
                Security = SmtpSecurity.None,
                From = "OrleansNotify <notify@sandbox.example>",
            };
            settings = settings with { Email = email, Sandboxed = settings.Sandboxed.Add(Channel.Email) };
        }

        if (settings.Telegram is null)
        {
            TelegramOptions telegram = new() { BotToken = Server.BotToken, ApiBaseUrl = Server.BotApiUrl };
            settings = settings with { Telegram = telegram, Sandboxed = settings.Sandboxed.Add(Channel.Telegram) };
        }

        if (settings.Push is not null) return settings;
        // A real browser may be one of the devices: its service is allowed as well, and its subscription holds for the key that it was made for.
        var keys = DevelopmentVapid.In(settings.DataDirectory);
        PushOptions push = new()
        {
            VapidPublicKey = keys.PublicKey,
            VapidPrivateKey = keys.PrivateKey,
            ClaimEmail = "notify@sandbox.example",
            AllowedOrigins = settings.PushOrigins,
            SandboxOrigin = Server.PushUrl,
        };
        return settings with { Push = push, Sandboxed = settings.Sandboxed.Add(Channel.Push) };
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
