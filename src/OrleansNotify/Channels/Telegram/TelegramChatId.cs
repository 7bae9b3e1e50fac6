using System.Globalization;

namespace OrleansNotify.Channels.Telegram;

/// <summary>A chat's id in the Bot API: a signed 64-bit integer that is not zero, positive for a person, negative for groups and channels.</summary>
internal static class TelegramChatId
{
    /// <summary>Reads an id in its one canonical form: no sign but the minus, no leading zeros, no white space.</summary>
    public static bool TryParse(string? text, out long id) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id) && id != 0 && Format(id) == text;

    /// <summary>Writes an id.</summary>
    public static string Format(long id) => id.ToString(CultureInfo.InvariantCulture);
}
