using System.Globalization;

namespace OrleansNotify.Users;

/// <summary>Pages of a user's messages, newest first. A cursor names the last message of the page before, so nothing is shown twice.</summary>
internal static class MessagePage
{
    public static Page<Message> Of(IEnumerable<Message> messages, string? cursor, int limit)
    {
        var after = Parse(cursor);
        var page = messages
            .OrderByDescending(PlaceOf)
            .Where(message => after is null || PlaceOf(message).CompareTo(after.Value) < 0)
            .Take(limit + 1)
            .ToList();
        return new Page<Message>
        {
            Items = [.. page.Take(limit)],
            NextCursor = page.Count > limit ? Format(PlaceOf(page[limit - 1])) : null,
        };
    }

    /// <summary>Whether a text is a cursor.</summary>
    public static bool IsCursor(string text) => Parse(text) is not null;

    private static (long Ticks, Guid Id) PlaceOf(Message message) => (message.CreatedAt.UtcTicks, message.Id);

    private static string Format((long Ticks, Guid Id) place) => string.Create(CultureInfo.InvariantCulture, $"{place.Ticks}.{place.Id:N}");

    private static (long Ticks, Guid Id)? Parse(string? cursor) =>
        cursor?.Split('.') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
        && Guid.TryParseExact(id, "N", out var g)
            ? (t, g)
            : null;
}
