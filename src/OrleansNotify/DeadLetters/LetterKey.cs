using System.Globalization;
using OrleansNotify.Users;

namespace OrleansNotify.DeadLetters;

/// <summary>A dead letter: each dead-lettering of a message makes a letter of its own, so that none is taken for another.</summary>
internal readonly record struct LetterKey(string User, Guid Message, int Number)
{
    public static LetterKey Of(Message message) => new(message.UserId, message.Id, message.Letters);

    /// <summary>The letter's id, and its field among the letters.</summary>
    public string Field => string.Create(CultureInfo.InvariantCulture, $"{Message:N}-{Number}");

    /// <summary>Its member in the lists of letters.</summary>
    public string Format() => $"{User}|{Field}";

    public static LetterKey Parse(string member)
    {
        var bar = member.LastIndexOf('|');
        var dash = member.LastIndexOf('-');
        return new LetterKey(
            member[..bar], Guid.ParseExact(member.AsSpan(bar + 1, dash - bar - 1), "N"), int.Parse(member.AsSpan(dash + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Whether a text may be a letter's id.</summary>
    public static bool IsId(string? text) =>
        text?.Split('-') is [var message, var number]
        && Guid.TryParseExact(message, "N", out _)
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
