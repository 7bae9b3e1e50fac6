using System.Globalization;
using System.Text.Json;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>The users of a run: number n has addresses from which n can be told again.</summary>
internal static class Recipient
{
    // Like the ids of Telegram's own users: positive and beyond the first few.
    private const int FirstChat = 100_000_000;

    public static string UserId(int number) => $"bench-{number}";

    public static string Email(int number) => $"bench-{number}@bench.example";

    public static string ChatId(int number) => $"{FirstChat + number}";

    /// <summary>The number in an address of ours.</summary>
    public static int NumberOf(string address) => address.StartsWith("bench-", StringComparison.Ordinal)
        ? int.Parse(address["bench-".Length..].Split('@')[0], CultureInfo.InvariantCulture)
        : int.Parse(address, CultureInfo.InvariantCulture) - FirstChat;

    /// <summary>The alert that everybody gets, as the variables of <c>price_alert_triggered</c>.</summary>
    public static object Vars { get; } = new { instrument = "EURUSD", trigger_price = 1.1, current_price = 1.1042, condition = "above" };

    /// <summary>The same, as the cluster takes them.</summary>
    public static TemplateVars TemplateVars { get; } = TemplateVars.From(JsonSerializer.SerializeToElement(Vars));
}
