using System.Globalization;
using System.Text;
using OrleansNotify.Host.Auth;
using OrleansNotify.Host.Silo;

namespace OrleansNotify.Host.CommandLine;

/// <summary>What a person who has started a host wants to know.</summary>
internal static class StartText
{
    // Long enough for a week's work on one start of the host.
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(7);

    public static string Of(NotifyHost host, TimeSpan took)
    {
        StringBuilder text = new();
        var settings = host.Settings;
        text.AppendLine(CultureInfo.InvariantCulture, $"OrleansNotify is ready after {took.TotalSeconds:0.0} s ({host.App.Environment.EnvironmentName})");
        Line("API", $"{host.Url}docs");
        Line("Dashboard", $"{host.Url}dashboard");
        if (settings.Development) Line("Inbox", $"{host.Url}inbox");
        Line("Store", settings.Redis is null ? $"embedded, in {settings.DataDirectory}" : "Redis");
        Line("Channels", string.Join(" · ", Enum.GetValues<Channel>().Select(channel => $"{channel.ToString().ToLowerInvariant()} {ChannelSetup.Describe(channel, settings)}")));
        Line("Templates", settings.TemplatesDirectory);
        if (OwnerToken(host) is { } token) Line("Owner token", token);
        return text.ToString();

        void Line(string name, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-12}{value}");
    }

    /// <summary>A token that opens everything, where the secret was made by the host itself: in Development.</summary>
    public static string? OwnerToken(NotifyHost host) => host.Settings is { Development: true, Jwt: null }
        ? JwtTokens.Mint(host.Jwt.Secrets[0], "owner", Roles.Owner, TokenLife, TimeProvider.System)
        : null;
}
