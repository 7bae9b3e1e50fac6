using Microsoft.AspNetCore.Connections;
using OrleansNotify.Host.Auth;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Silo;
using OrleansNotify.Host.Store;
using OrleansNotify.Storage;
using OrleansNotify.Templates;
using StackExchange.Redis;

namespace OrleansNotify.Host;

/// <summary>One running host: sandbox, store or connection to it, silo and HTTP, started in this order and stopped in the opposite one.</summary>
internal sealed partial class NotifyHost : IAsyncDisposable
{
    /// <summary>All of a stop, from the signal on, takes 30 s at most: the rest of it after a drain, and letting go of what has not ended by then.</summary>
    private static readonly TimeSpan StopAtMost = TimeSpan.FromSeconds(28), DisposeAtMost = TimeSpan.FromSeconds(1);

    private readonly AsyncStack _parts = new();

    private NotifyHost(HostSettings settings, JwtSettings jwt, Uri url) => (Settings, Jwt, Url) = (settings, jwt, url);

    public HostSettings Settings { get; private set; }
    public JwtSettings Jwt { get; }

    /// <summary>In Development, the receivers of the channels without settings.</summary>
    public SandboxChannels? Sandbox { get; private set; }

    public WebApplication App { get; private set; } = null!;

    /// <summary>How a browser on this machine reaches it.</summary>
    public Uri Url { get; }

    /// <summary>Starts one; when it returns, the host is ready.</summary>
    /// <param name="environment">Development, Production, …; null takes it from the environment variables.</param>
    /// <param name="settings">Settings that go before all others.</param>
    /// <param name="replace">Puts services in the place of the host's own, for a program that is built on it.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <exception cref="SettingsException">A setting is wrong, or what it names does not work.</exception>
    /// <exception cref="TemplateLoadException">A template is broken.</exception>
    public static async Task<NotifyHost> Start(
        string? environment = null, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? replace = null,
        CancellationToken cancellation = default)
    {
        var builder = NewBuilder(environment);
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        ConsoleLog.Configure(builder);

        var read = SettingsReader.Read(builder.Configuration, builder.Environment.IsDevelopment());
        var urls = ListenAddresses.Resolve(builder.Configuration["URLS"]);
        builder.WebHost.UseUrls(urls);
        NotifyHost host = new(read, read.Jwt ?? DevelopmentSecret.In(read.DataDirectory), ListenAddresses.ForBrowser(urls[0]));
        try
        {
            await host.Start(builder, replace, cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The settings of a host that is not started: environment variables, and the settings files beside the program.</summary>
    public static WebApplicationBuilder NewBuilder(string? environment = null) => WebApplication.CreateBuilder(
        new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = environment });

    private async Task Start(WebApplicationBuilder builder, Action<IServiceCollection>? replace, CancellationToken cancellation)
    {
        // Broken templates are told before anything is started; the sandbox comes first, for its addresses are part of the options.
        if (Settings.Development)
        {
            Sandbox = _parts.Push(await SandboxChannels.Start());
            builder.Services.AddSingleton(Sandbox.Server.Inbox);
            Settings = Sandbox.Connect(Settings);
        }

        var notify = ChannelSetup.Options(Settings, Url);
        var templates = TemplateCatalog.Load(Settings.TemplatesDirectory, notify.PublicUrl, ChannelSetup.AppUrl(Settings));
        ChannelSetup.CheckAppUrl(Settings, templates);
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddNotifyConsole());
        var log = loggers.CreateLogger<NotifyHost>();
        ChannelSetup.LogUnset(Settings, log);
        var addresses = await SiloAddresses.Find(Settings.Cluster.Advertised, cancellation);
        var redis = await OpenStore(log, cancellation);
        var health = StoreHealth.Of(redis, Settings.Cluster.ServiceId, Settings.Redis is null ? StoreHealth.DiskOf(Settings.DataDirectory) : null, TimeProvider.System);
        HostServices.Add(builder, Settings, addresses, notify, Jwt, redis, health, templates);
        replace?.Invoke(builder.Services);

        App = _parts.Push(builder.Build());
        if (Settings.Development) _parts.Push(new TemplateWatcher(templates, TimeProvider.System, broken => LogBroken(App.Logger, broken.Message)));
        HostPipeline.Configure(App, Settings);
        try
        {
            await App.StartAsync(cancellation);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            throw new SettingsException(["ASPNETCORE_URLS: " + fault.Message]);
        }
        catch (Exception fault) when (StoreFault.IsOne(fault.GetBaseException()))
        {
            throw new SettingsException([$"REDIS_CONNECTION: the silo cannot join its cluster: {fault.GetBaseException().Message}"]);
        }
    }

    private async Task<IConnectionMultiplexer> OpenStore(ILogger log, CancellationToken cancellation)
    {
        if (Settings.Redis is { } remote)
        {
            var connection = _parts.Push(await RedisConnection.Open(remote, Settings.Cluster.ServiceId, log, cancellation));
            await RedisRights.Demand(connection.GetDatabase(), Settings.Cluster.ServiceId);
            return connection;
        }

        var store = _parts.Push(await EmbeddedStore.Start(DataFolder.Open(Settings.DataDirectory), log));
        var redis = _parts.Push(await RedisConnection.Open(store.Connection, Settings.Cluster.ServiceId, log, cancellation));
        await Membership.Clear(redis, Settings.Cluster);
        return redis;
    }

    /// <summary>
    /// Returns when a signal has asked the process to end, and the drain is over: from the signal on the host is not ready, and takes requests
    /// all the same, until whoever sends them has seen it.
    /// </summary>
    public async Task WaitForSignal()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = App.Lifetime.ApplicationStopping.Register(asked.SetResult);
        await asked.Task;
        if (Settings.Drain == TimeSpan.Zero) return;
        LogDraining(App.Logger, Settings.Drain.TotalSeconds);
        await Task.Delay(Settings.Drain);
    }

    /// <summary>Stops it, within 30 s: no new requests, sends under way come to their end, the silo leaves its cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        var inTime = App is null || await Stop();
        if (inTime) await _parts.DisposeAsync();
        else await Task.Run(async () => await _parts.DisposeAsync()).WaitAsync(DisposeAtMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>False where it is still stopping: a silo whose store does not answer asks it for minutes.</summary>
    private async Task<bool> Stop()
    {
        var stopping = App.StopAsync();
        try
        {
            await stopping.WaitAsync(StopAtMost - Settings.Drain);
        }
        catch (Exception late)
        {
            // What did not end in time is in the store, and goes on at the next start or on another silo. Nor can a silo be stopped that did not come up.
            LogLate(App.Logger, stopping.IsCompleted ? late : new TimeoutException($"after {(StopAtMost - Settings.Drain).TotalSeconds:0} s the silo has not left its cluster"));
        }

        return stopping.IsCompleted;
    }

    [LoggerMessage(LogLevel.Information, "Told to stop: requests are taken for another {Seconds:0} s, for those that have not seen yet that this host is not ready")]
    private static partial void LogDraining(ILogger log, double seconds);

    [LoggerMessage(LogLevel.Warning, "Not everything came to its end before the stop")]
    private static partial void LogLate(ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The changed templates are broken, the former ones stay in use: {Problems}")]
    private static partial void LogBroken(ILogger log, string problems);
}
