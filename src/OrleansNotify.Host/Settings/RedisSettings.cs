using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace OrleansNotify.Host.Settings;

/// <summary>
/// Reads where Redis is: a connection string of StackExchange.Redis, or an address such as <c>redis://user:password@host:6379/0</c>. What is
/// malformed is never shown, for a password may stand anywhere in it.
/// </summary>
internal static class RedisSettings
{
    private const string Key = "REDIS_CONNECTION";
    private const int UsualPort = 6379;

    /// <summary>Whether the setting is there at all.</summary>
    public static bool IsSet(SettingValues values) => values.Text(Key) is not null || values.Text(Key + "_FILE") is not null;

    /// <returns>Null where it is not set, or wrong.</returns>
    public static ConfigurationOptions? Read(SettingValues values)
    {
        // A connection string is a setting like others, unless it holds a password.
        var isPlain = values.IsInFile(Key) && Parse(values.Text(Key)!).Options is { Password: null or "" };
        var text = isPlain ? values.Text(Key) : values.Secret(Key);
        if (text is null) return null;
        var (options, problem) = Parse(text);
        if (problem is not null) values.Wrong(Key, problem + "; it is a connection string such as redis:6379,password=… or redis://user:password@redis:6379/0");
        return options;
    }

    private static (ConfigurationOptions? Options, string? Problem) Parse(string text)
    {
        try
        {
            var (options, problem) = text.Contains("://", StringComparison.Ordinal) ? OfAddress(text) : OfParts(text);
            if (problem is not null) return (null, problem);
            return options!.EndPoints.Count == 0 ? (null, "names no server")
                : options.EndPoints.OfType<DnsEndPoint>().All(point => Uri.CheckHostName(point.Host) != UriHostNameType.Unknown) ? (options, null)
                : (null, "names a server that is none");
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            // The message may quote the part that it stumbled over.
            return (null, "has an option that is none, or a value that does not fit it");
        }
    }

    private static (ConfigurationOptions? Options, string? Problem) OfParts(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        // Behind an option, what has no = is a piece of a password that holds a comma.
        if (parts.SkipWhile(part => !part.Contains('=')).Any(part => !part.Contains('=')))
            return (null, "has a server behind its options, or a comma in a password (in a redis:// address that is %2C)");
        return (ConfigurationOptions.Parse(text), null);
    }

    private static (ConfigurationOptions? Options, string? Problem) OfAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0 || uri.Fragment.Length > 0)
            return (null, "is no redis:// or rediss:// address (what stands for itself in its password is %40 for @, %23 for #, %2F for /, %3A for :)");
        var more = string.Join(',', uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Option));
        var options = more.Length == 0 ? new ConfigurationOptions() : ConfigurationOptions.Parse(more);
        options.EndPoints.Add(uri.IdnHost, uri.Port > 0 ? uri.Port : UsualPort);
        if (uri.Scheme == "rediss") options.Ssl = true;
        if (options.Ssl) options.SslHost ??= uri.IdnHost;
        if (uri.AbsolutePath.Length > 1)
        {
            if (!int.TryParse(uri.AbsolutePath.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var database)) return (null, "has a path that is no number of a database");
            options.DefaultDatabase = database;
        }

        if (uri.UserInfo.Length == 0) return (options, null);
        var user = uri.UserInfo.Split(':', 2);
        if (user.Length < 2 || user[1].Length == 0) return (null, "has a user without a password");
        (options.User, options.Password) = (user[0].Length == 0 ? null : Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user[1]));
        return (options, null);
    }

    private static string Option(string part)
    {
        var option = Uri.UnescapeDataString(part);
        return option.Contains(',') || !option.Contains('=') ? throw new FormatException() : option;
    }
}
