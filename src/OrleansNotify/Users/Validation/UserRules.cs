using System.Text.RegularExpressions;
using OrleansNotify.Channels.Email;
using OrleansNotify.Channels.Telegram;

namespace OrleansNotify.Users.Validation;

/// <summary>What a user's addresses and locale must be before they are stored.</summary>
internal static partial class UserRules
{
    // RFC 5646 section 4.4.1: no registered tag needs more.
    private const int LongestLocale = 35;

    /// <summary>What is wrong with an update, by field; empty when all is well.</summary>
    /// <param name="update">The update. What is null in it is taken away, and so never wrong.</param>
    /// <param name="email">The email address in the form in which it is stored; null if there is none, or it is wrong.</param>
    public static IReadOnlyDictionary<string, string[]> Check(UserUpdate update, out string? email)
    {
        var isEmail = EmailAddress.TryParse(update.Email, out email);
        return FieldProblems.Of(
            ("email", update.Email is null || isEmail ? null : "Must be one plain address, such as a@b.example, without a display name."),
            ("telegram_chat_id", OfChat(update.TelegramChatId)),
            ("locale", OfLocale(update.Locale)));
    }

    private static string? OfChat(string? id) => id is null || TelegramChatId.TryParse(id, out _)
        ? null
        : "Must be the chat's number, such as 123456789, or -1001234567890 of a group; a @name does not do.";

    private static string? OfLocale(string? locale) => locale is null || (locale.Length <= LongestLocale && Tag().IsMatch(locale))
        ? null
        : "Must be a language tag (BCP 47), such as en or pt-BR.";

    [GeneratedRegex(@"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();
}
