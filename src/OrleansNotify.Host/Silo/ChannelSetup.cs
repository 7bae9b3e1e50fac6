using OrleansNotify.Host.Settings;

namespace OrleansNotify.Host.Silo;

/// <summary>The channels of this host: what the settings say.</summary>
internal static class ChannelSetup
{
    /// <summary>The cluster's options.</summary>
    public static NotifyOptions Options(HostSettings settings, Uri publicUrl) => new()
    {
        ServiceId = settings.Cluster.ServiceId,
        PublicUrl = publicUrl.ToString().TrimEnd('/'),
        Email = settings.Email,
        Telegram = settings.Telegram,
        Push = settings.Push,
        Limits = settings.Limits,
    };

    /// <summary>A sender for each channel that is configured.</summary>
    public static void AddSenders(IServiceCollection services, NotifyOptions options)
    {
    }
}
