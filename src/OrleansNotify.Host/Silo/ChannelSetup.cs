using OrleansNotify.Channels.Email;
using OrleansNotify.Channels.Push;
using OrleansNotify.Channels.Telegram;
using OrleansNotify.Delivery;
using OrleansNotify.Host.Settings;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.Silo;

/// <summary>The channels of this host: what the settings say.</summary>
internal static partial class ChannelSetup
{
    /// <summary>How long sends under way have, from the signal to stop on.</summary>
    private static readonly TimeSpan SendsAtMost = TimeSpan.FromSeconds(25);

    /// <summary>The cluster's options.</summary>
    public static NotifyOptions Options(HostSettings settings, Uri url) => new()
    {
        ServiceId = settings.Cluster.ServiceId,
        PublicUrl = (settings.PublicUrl ?? url).ToString().TrimEnd('/'),
        Email = settings.Email,
        Telegram = settings.Telegram,
        Push = settings.Push,
        Limits = settings.Limits,
        History = settings.History,
        StoreKeepsParts = settings.Redis is null,
        DrainAtMost = SendsAtMost - settings.Drain,
    };

    /// <summary>Where the product's own pages are; null where nobody has said it.</summary>
    public static string? AppUrl(HostSettings settings) => settings.AppUrl?.ToString().TrimEnd('/');

    /// <exception cref="SettingsException">Templates lead to the product's own pages, and nobody has said where these are.</exception>
    public static void CheckAppUrl(HostSettings settings, TemplateCatalog templates)
    {
        string[] names = [.. templates.All.Where(template => template.UsesAppUrl).Select(template => template.Manifest.Name)];
        if (settings.AppUrl is null && names.Length > 0)
            throw new SettingsException([$"NOTIFY_APP_URL: is missing: where the product's own pages are, such as https://app.example; {string.Join(", ", names)} lead there"]);
    }

    /// <summary>A sender for each channel that is configured.</summary>
    public static void AddSenders(IServiceCollection services, NotifyOptions options)
    {
        if (options.Email is not null) services.AddSingleton<IChannelSender, EmailSender>();
        if (options.Telegram is { } telegram) services.AddSingleton<IChannelSender>(provider => new TelegramSender(telegram, provider.GetRequiredService<TimeProvider>()));
        if (options.Push is { } push)
            services.AddSingleton<IChannelSender>(provider => new PushSender(push, provider.GetRequiredService<EndpointPolicy>(), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>How a channel is connected, in the words of the start text and the log.</summary>
    public static string Describe(Channel channel, HostSettings settings) => settings.Sandboxed.Contains(channel) ? "sandbox" : channel switch
    {
        Channel.Email => settings.Email?.ToString(),
        Channel.Telegram => settings.Telegram?.ToString(),
        _ => settings.Push is null ? null : "web push",
    } ?? "not configured";

    /// <summary>Says which channels cannot be used.</summary>
    public static void LogUnset(HostSettings settings, ILogger log)
    {
        foreach (var channel in Enum.GetValues<Channel>().Where(channel => Describe(channel, settings) == "not configured"))
            LogNotConfigured(log, channel);
    }

    [LoggerMessage(LogLevel.Warning, "The channel {Channel} is not configured: no message goes over it")]
    private static partial void LogNotConfigured(ILogger log, Channel channel);
}
