using OrleansNotify.Channels.Email;
using OrleansNotify.Channels.Telegram;

namespace OrleansNotify.Users.Validation;

/// <summary>What a user's addresses and locale must be before they are stored.</summary>
internal static class UserRules
{
    /// <summary>What is wrong with an update, by field; empty when all is well.</summary>
    /// <param name="update">The update. What is null in it is taken away, and so never wrong.</param>
    /// <param name="stored">The update in the form in which it is stored; of what is wrong, nothing.</param>
    public static IReadOnlyDictionary<string, string[]> Check(UserUpdate update, out UserUpdate stored)
    {
        var isEmail = EmailAddress.TryParse(update.Email, out var email);
        var isLocale = LanguageTag.TryParse(update.Locale, out var locale);
        stored = update with { Email = email, Locale = locale ?? Profile.DefaultLocale };
        return FieldProblems.Of(
            ("email", update.Email is null || isEmail ? null : "Must be one plain address, such as a@b.example, without a display name."),
            ("telegram_chat_id", OfChat(update.TelegramChatId)),
            ("locale", update.Locale is null || isLocale ? null : "Must be a language tag (BCP 47), such as en or pt-BR."));
    }

    private static string? OfChat(string? id) => id is null || TelegramChatId.TryParse(id, out _)
        ? null
        : "Must be the chat's number, such as 123456789, or -1001234567890 of a group; a @name does not do.";
}
