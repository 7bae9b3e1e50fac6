using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OrleansNotify.DeadLetters;

/// <summary>A letter's place in a list: when it failed, in ms of the store's clock, and its member, which orders letters of one moment.</summary>
internal readonly record struct LetterPlace(long Score, string Member) : IComparable<LetterPlace>
{
    /// <summary>The place as a cursor: one word that needs no escaping.</summary>
    public string Format() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Score}|{Member}")));

    /// <summary>The place that a cursor names; null if it is none.</summary>
    public static LetterPlace? Parse(string cursor)
    {
        if (!Base64Url.IsValid(cursor)) return null;
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        var bar = text.IndexOf('|');
        return bar > 0 && long.TryParse(text.AsSpan(0, bar), NumberStyles.None, CultureInfo.InvariantCulture, out var score)
            ? new LetterPlace(score, text[(bar + 1)..])
            : null;
    }

    /// <summary>As the store orders them: by score, then by the member's bytes.</summary>
    public int CompareTo(LetterPlace other) =>
        Score != other.Score ? Score.CompareTo(other.Score) : string.CompareOrdinal(Member, other.Member);
}
