using Microsoft.AspNetCore.Connections;
using OrleansNotify.Host.Auth;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Silo;
using OrleansNotify.Host.Store;
using OrleansNotify.Templates;
using StackExchange.Redis;

namespace OrleansNotify.Host;

/// <summary>One running host: store or connection to it, sandbox, silo and HTTP, started in this order and stopped in the opposite one.</summary>
internal sealed class NotifyHost : IAsyncDisposable
{
    private readonly AsyncStack _parts = new();

    private NotifyHost(HostSettings settings, JwtSettings jwt, Uri url) => (Settings, Jwt, Url) = (settings, jwt, url);

    public HostSettings Settings { get; }
    public JwtSettings Jwt { get; }
    public WebApplication App { get; private set; } = null!;

    /// <summary>How a browser on this machine reaches it.</summary>
    public Uri Url { get; }

    /// <summary>Starts one; when it returns, the host is ready.</summary>
    /// <param name="environment">Development, Production, …; null takes it from the environment variables.</param>
    /// <param name="settings">Settings that go before all others.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <exception cref="SettingsException">A setting is wrong, or what it names does not work.</exception>
    /// <exception cref="TemplateLoadException">A template is broken.</exception>
    public static async Task<NotifyHost> Start(
        string? environment = null, IReadOnlyDictionary<string, string?>? settings = null, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = environment });
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        ConsoleLog.Configure(builder);

        var read = SettingsReader.Read(builder.Configuration, builder.Environment.IsDevelopment());
        var urls = ListenAddresses.Resolve(builder.Configuration["URLS"]);
        builder.WebHost.UseUrls(urls);
        NotifyHost host = new(read, DevelopmentSecret.Of(read), ListenAddresses.ForBrowser(urls[0]));
        var notify = ChannelSetup.Options(read, read.PublicUrl ?? host.Url);
        var templates = TemplateCatalog.Load(read.TemplatesDirectory, notify.PublicUrl);
        try
        {
            await host.Start(builder, notify, templates, cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private async Task Start(WebApplicationBuilder builder, NotifyOptions notify, TemplateCatalog templates, CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddNotifyConsole());
        var redis = await OpenStore(loggers.CreateLogger<NotifyHost>(), cancellation);
        StoreHealth health = new(redis, Settings.Redis is null ? StoreHealth.DiskOf(Settings.DataDirectory) : null);
        HostServices.Add(builder, Settings, notify, Jwt, redis, health, templates);

        App = _parts.Push(builder.Build());
        HostPipeline.Configure(App);
        try
        {
            await App.StartAsync(cancellation);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            throw new SettingsException(["ASPNETCORE_URLS: " + fault.Message]);
        }
    }

    private async Task<IConnectionMultiplexer> OpenStore(ILogger log, CancellationToken cancellation)
    {
        if (Settings.Redis is { } remote) return _parts.Push(await RedisConnection.Open(remote, log, cancellation));
        var store = _parts.Push(await EmbeddedStore.Start(DataFolder.Open(Settings.DataDirectory), log));
        var redis = _parts.Push(await RedisConnection.Open(store.Connection, log, cancellation));
        await Membership.Clear(redis, Settings.Cluster);
        return redis;
    }

    /// <summary>Returns after a signal has asked the process to end, and everything under way has come to its end.</summary>
    public Task WaitForShutdown() => App.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();
}
