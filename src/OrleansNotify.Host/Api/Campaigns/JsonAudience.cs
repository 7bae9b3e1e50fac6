using System.Buffers;
using System.Text.Json;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Takes the audience out of a campaign's JSON text, each element on its own: a wrong one spoils no other.</summary>
internal static class JsonAudience
{
    // What is nested too deep within an element is that element's error.
    private static readonly JsonReaderOptions s_reading = new() { MaxDepth = int.MaxValue };

    /// <summary>
    /// The audience, to be read element by element as it is asked for, and the text with an empty one in its place. What is no JSON array stays
    /// where it is.
    /// </summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static (IEnumerable<AudienceLine> Lines, ReadOnlySequence<byte> Settings) Split(in ReadOnlySequence<byte> text)
    {
        Utf8JsonReader reader = new(text, s_reading);
        byte[] audience = [];
        var settings = text;
        while (reader.Read())
        {
            if (audience.Length > 0 || !IsAudience(reader) || !reader.Read() || reader.TokenType != JsonTokenType.StartArray) continue;
            var start = reader.TokenStartIndex;
            reader.Skip();
            // In one piece: to look up a place in a text of many pieces takes the longer, the farther it is.
            audience = text.Slice(start, reader.BytesConsumed - start).ToArray();
            settings = new([.. text.Slice(0, start).ToArray(), .. "[]"u8, .. text.Slice(reader.BytesConsumed).ToArray()]);
        }

        return (Lines(audience), settings);
    }

    private static IEnumerable<AudienceLine> Lines(byte[] audience)
    {
        var (at, state) = (0, new JsonReaderState(s_reading));
        for (var number = 0; Next(audience, ref at, ref state) is { } element; number++)
            // The first token is the array's beginning.
            if (number > 0) yield return AudienceLine.Read(number, new(element));
    }

    /// <summary>The next element; null at the end.</summary>
    private static ReadOnlyMemory<byte>? Next(byte[] audience, ref int at, ref JsonReaderState state)
    {
        Utf8JsonReader reader = new(audience.AsSpan(at), isFinalBlock: true, state);
        if (!reader.Read() || reader is { TokenType: JsonTokenType.EndArray }) return null;
        var start = at + (int)reader.TokenStartIndex;
        if (at > 0) reader.Skip();
        at += (int)reader.BytesConsumed;
        state = reader.CurrentState;
        return audience.AsMemory(start, at - start);
    }

    private static bool IsAudience(in Utf8JsonReader reader) => reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName, ValueIsEscaped: false }
        && reader.ValueTextEquals("audience"u8);
}
