using System.Text.RegularExpressions;
using OrleansNotify.Channels.Email;
using OrleansNotify.Channels.Telegram;

namespace OrleansNotify.Users.Validation;

/// <summary>What a user's addresses and locale must be.</summary>
internal static partial class UserRules
{
    private const int LongestLocale = 35;

    /// <summary>Checks an update, and gives its email address in the form in which it is stored.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(UserUpdate update, out string? email)
    {
        Errors errors = new();
        email = null;
        errors.If(
            update.Email is not null && !EmailAddress.TryParse(update.Email, out email),
            "email",
            "is not an email address such as a@b.example, of at most 254 characters");
        errors.If(
            update.TelegramChatId is { } chat && !TelegramChatId.TryParse(chat, out _),
            "telegram_chat_id",
            "is not the id of a chat: an integer, negative for a group");
        errors.If(
            update.Locale is { } locale && (locale.Length > LongestLocale || !Locale().IsMatch(locale)),
            "locale",
            "is not a language tag such as en or pt-BR");
        return errors.All;
    }

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\z")]
    private static partial Regex Locale();
}
