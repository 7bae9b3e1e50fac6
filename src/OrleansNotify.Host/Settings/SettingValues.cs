using System.Globalization;
using System.Text;

namespace OrleansNotify.Host.Settings;

/// <summary>The raw settings, and what was found to be wrong with them: one line for each, which names its key and never shows a secret.</summary>
internal sealed class SettingValues(IConfiguration configuration)
{
    private const string NotUtf8 = "the file that it names is not UTF-8";

    /// <summary>UTF-8, or UTF-16 that says so by its mark, as Windows' own tools write it.</summary>
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<string> _problems = [];

    /// <summary>What is wrong, in the order in which it was found.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes what is wrong with a setting.</summary>
    public void Wrong(string key, string what) => _problems.Add($"{key}: {what}");

    /// <summary>A setting without the white space around it; null where it is missing or empty.</summary>
    public string? Text(string key) => configuration[key]?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A secret: from the environment, or from the file that the setting <c>…_FILE</c> names; anywhere else it is a problem.</summary>
    public string? Secret(string key)
    {
        if (IsInFile(key)) Wrong(key, "is a secret: set it in the environment or in a file named by " + key + "_FILE, never in appsettings");
        var fileKey = key + "_FILE";
        if (Text(fileKey) is not { } path) return Text(key);
        if (Text(key) is not null) Wrong(fileKey, $"is set beside {key}; set one of the two");
        try
        {
            var secret = File.ReadAllText(path, s_strict).Trim();
            if (secret.Length > 0 && !secret.Contains('\0')) return secret;
            Wrong(fileKey, secret.Length == 0 ? "the file that it names is empty" : NotUtf8);
        }
        catch (DecoderFallbackException)
        {
            Wrong(fileKey, NotUtf8);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Neither its name nor the message, which quotes it: it may be the secret itself, put where its file should be named.
            Wrong(fileKey, fault is FileNotFoundException or DirectoryNotFoundException ? "the file that it names is not there" : "the file that it names cannot be read");
        }

        return null;
    }

    /// <summary>Whether a settings file, of whatever environment, holds this key.</summary>
    public bool IsInFile(string key) => configuration is IConfigurationRoot root
        && root.Providers.OfType<FileConfigurationProvider>().Any(file => file.TryGet(key, out var value) && !string.IsNullOrWhiteSpace(value));

    /// <summary>The parts of a comma-separated list.</summary>
    public string[] List(string key) =>
        Text(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>A TCP port.</summary>
    public int? Port(string key)
    {
        if (Text(key) is not { } text) return null;
        if (ushort.TryParse(text, out var port) && port > 0) return port;
        Wrong(key, $"\"{text}\" is not a port (1 to 65535)");
        return null;
    }

    /// <summary>A whole number within bounds.</summary>
    public int? Number(string key, int least, int most)
    {
        if (Text(key) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Wrong(key, $"\"{text}\" is not a whole number from {least} to {most}");
        return null;
    }

    /// <summary>An http or https URL without user name, query and fragment; its trailing slash is taken away.</summary>
    public Uri? Url(string key)
    {
        if (Text(key) is not { } text) return null;
        if (Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0)
            return url;
        Wrong(key, $"{Shown(text)} is not a URL such as https://notify.example, without user, query and fragment");
        return null;
    }

    /// <summary>What may be shown of an address: scheme and host. Whatever stands before an @, or behind the host, may be a secret.</summary>
    public static string Shown(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal) is >= 0 and var found ? address[..(found + 3)] : "";
        var rest = address[scheme.Length..];
        var user = rest.LastIndexOf('@') + 1;
        var host = rest[user..];
        var end = host.AsSpan().IndexOfAny("/?#");
        return $"\"{scheme}{(user > 0 ? "…@" : "")}{(end < 0 ? host : host[..end] + "/…")}\"";
    }
}
