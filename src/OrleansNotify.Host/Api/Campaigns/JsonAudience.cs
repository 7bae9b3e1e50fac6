using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Takes the audience out of a campaign's JSON text, each element on its own: a wrong one spoils no other.</summary>
internal static class JsonAudience
{
    /// <summary>The audience, and the text with an empty one in its place. What is no JSON array stays where it is.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static (ImmutableArray<AudienceLine> Lines, ReadOnlySequence<byte> Settings) Split(in ReadOnlySequence<byte> text)
    {
        // What is nested too deep within an element is that element's error.
        Utf8JsonReader reader = new(text, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var lines = ImmutableArray.CreateBuilder<AudienceLine>();
        var settings = text;
        var isSplit = false;
        while (reader.Read())
        {
            if (isSplit || !IsAudience(reader) || !reader.Read() || reader.TokenType != JsonTokenType.StartArray) continue;
            var start = reader.TokenStartIndex;
            Take(ref reader, text, lines);
            settings = new([.. text.Slice(0, start).ToArray(), .. "[]"u8, .. text.Slice(reader.BytesConsumed).ToArray()]);
            isSplit = true;
        }

        return (lines.DrainToImmutable(), settings);
    }

    private static void Take(ref Utf8JsonReader reader, in ReadOnlySequence<byte> text, ImmutableArray<AudienceLine>.Builder lines)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = reader.TokenStartIndex;
            reader.Skip();
            lines.Add(AudienceLine.Read(lines.Count + 1, text.Slice(start, reader.BytesConsumed - start)));
        }
    }

    private static bool IsAudience(in Utf8JsonReader reader) => reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName, ValueIsEscaped: false }
        && reader.ValueTextEquals("audience"u8);
}
