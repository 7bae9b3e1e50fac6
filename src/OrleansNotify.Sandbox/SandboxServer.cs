using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansNotify.Sandbox.Control;
using OrleansNotify.Sandbox.Product;
using OrleansNotify.Sandbox.Push;
using OrleansNotify.Sandbox.Smtp;
using OrleansNotify.Sandbox.Telegram;

namespace OrleansNotify.Sandbox;

/// <summary>
/// The three receivers on loopback: an SMTP server, and on one HTTP port the Bot API, the push service and the routes by which another
/// process controls them (<c>/sandbox/…</c>).
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _http;
    private readonly SandboxSmtpServer _smtp;

    private SandboxServer(WebApplication http, SandboxSmtpServer smtp, SandboxOptions options, Inbox inbox, Faults faults, PushService push, TelegramChats chats)
    {
        (_http, _smtp, Inbox, Faults, Push, Chats) = (http, smtp, inbox, faults, push, chats);
        BotToken = options.BotToken;
        HttpUrl = push.Origin;
    }

    /// <summary>The SMTP server's port.</summary>
    public int SmtpPort => _smtp.Port;

    /// <summary>Scheme and authority of the HTTP receivers.</summary>
    public string HttpUrl { get; }

    /// <summary>The Bot API's base URL.</summary>
    public string BotApiUrl => HttpUrl;

    /// <summary>The push service's origin.</summary>
    public string PushUrl => HttpUrl;

    /// <summary>Where a page says what page of the product would be there.</summary>
    public string AppUrl => HttpUrl;

    /// <summary>The token that the Bot API knows.</summary>
    public string BotToken { get; }

    /// <summary>What the receivers took over.</summary>
    public Inbox Inbox { get; }

    /// <summary>What they do instead.</summary>
    public Faults Faults { get; }

    /// <summary>The push service.</summary>
    public PushService Push { get; }

    /// <summary>The Telegram chats.</summary>
    public TelegramChats Chats { get; }

    /// <summary>The SMTP server.</summary>
    public SandboxSmtpServer Smtp => _smtp;

    /// <summary>Starts the receivers on 127.0.0.1.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions options, TimeProvider clock)
    {
        Inbox inbox = new(clock, options.InboxCapacity);
        Faults faults = new();
        TelegramChats chats = new();
        PushService push = new(inbox, faults, options.CountOnly, clock);
        BotApi bot = new(options.BotToken, inbox, faults, chats, options.CountOnly, clock);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, options.HttpPort);
        });
        builder.Services.AddRoutingCore();
        // What hangs because it was told to is not waited for.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var http = builder.Build();
        http.Use((context, next) => OwnRequests.Guard(context, next));
        http.UseRouting();
        // The whole segment: a route with "bot" before its parameter would look for the last "bot" in it, which may be the token's own.
        http.Map("/{bot}/{method}", context => ProductPage.IsFor(context) ? ProductPage.Answer(context) : bot.Answer(context, Route(context, "bot"), Route(context, "method")));
        http.MapGet("/{**page}", ProductPage.Answer);
        http.MapPost("/push/{id}", context => push.Answer(context, Route(context, "id")));
        http.MapControl(inbox, faults, push, chats);
        var smtp = await SandboxSmtpServer.StartAsync(options.Smtp, inbox, faults, clock);
        try
        {
            await http.StartAsync();
        }
        catch
        {
            await smtp.DisposeAsync();
            await http.DisposeAsync();
            throw;
        }

        push.Origin = http.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new SandboxServer(http, smtp, options, inbox, faults, push, chats);
    }

    /// <summary>Stops the receivers and cuts what is connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await _http.StopAsync();
        await _http.DisposeAsync();
        await _smtp.DisposeAsync();
    }

    private static string Route(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;
}
