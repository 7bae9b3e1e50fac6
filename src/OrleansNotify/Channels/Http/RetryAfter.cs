using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace OrleansNotify.Channels.Http;

/// <summary>How long an answer asks to wait (RFC 9110, section 10.2.3). Never negative, and short enough to be added to any time.</summary>
internal static class RetryAfter
{
    /// <summary>What is longer is cut to this: a wait of years is a slip of the service's.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private const string Header = "Retry-After";

    /// <summary>Reads the header: seconds, or a date by our own clock. Null where there is none, or none that can be read.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now)
    {
        // The typed header knows no seconds beyond an int, and none where two servers on the way each set one.
        if (!headers.NonValidated.TryGetValues(Header, out var values)) return null;
        foreach (var value in values)
        {
            if (Read(value.Trim(), now) is { } wait) return wait;
        }

        return null;
    }

    /// <summary>Seconds as a wait.</summary>
    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));

    private static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (value.Length > 0 && value.All(char.IsAsciiDigit)) return Seconds(double.Parse(value, CultureInfo.InvariantCulture));
        return HeaderUtilities.TryParseDate(value, out var date) ? Seconds((date - now).TotalSeconds) : null;
    }
}
