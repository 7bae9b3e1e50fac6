using System.CommandLine;
using OrleansNotify.Host.Settings;

namespace OrleansNotify.Host.CommandLine.Campaigns;

/// <summary>Where a command finds its host, and what lets it in.</summary>
internal sealed class HostAccess
{
    private const string TokenVariable = "NOTIFY_TOKEN";

    public HostAccess() => Url.Validators.Add(result =>
    {
        if (UrlOf(result.GetValueOrDefault<string>()) is null) result.AddError("--url: where the host is, such as " + ListenAddresses.Default);
    });

    public Option<string> Url { get; } = new("--url") { Description = "Where the host is", DefaultValueFactory = _ => ListenAddresses.Default };

    // Without a default value, which the help would print.
    public Option<string?> Token { get; } = new("--token")
    {
        Description = $"A token of the role service or owner; {TokenVariable} if it is left out, which other users of the machine cannot see",
    };

    /// <summary>A client of the host; null, and said why, without a token.</summary>
    public CampaignClient? Open(ParseResult parsed)
    {
        var token = (parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable) ?? "").Trim();
        // Anything else could not be sent, and the fault would repeat it.
        if (token.Length > 0 && token.All(letter => letter is > ' ' and < '\x7f')) return new CampaignClient(UrlOf(parsed.GetRequiredValue(Url))!, token);
        Console.Error.WriteLine($"There is no token. Set {TokenVariable}, or pass --token; the command `token --role service` mints one.");
        return null;
    }

    private static Uri? UrlOf(string? text) =>
        Uri.TryCreate(text?.TrimEnd('/') + "/", UriKind.Absolute, out var url) && (url.Scheme is "http" or "https") ? url : null;
}
