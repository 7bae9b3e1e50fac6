using System.Buffers;

namespace OrleansNotify.Host.Api.Input;

/// <summary>Knows by its first bytes what was sent in place of text in UTF-8.</summary>
internal static class FileKind
{
    /// <summary>What gzip is called.</summary>
    public const string Gzip = "gzip";

    /// <summary>What UTF-8 may begin with (RFC 8259, section 8.1, lets a reader ignore it).</summary>
    public static ReadOnlySpan<byte> Mark => [0xef, 0xbb, 0xbf];

    /// <summary>What it is; null where it may be UTF-8. No JSON has a zero byte.</summary>
    public static string? Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x1f, 0x8b, ..] => Gzip,
        [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => "a ZIP archive, such as spreadsheets are",
        [0xff, 0xfe, 0, 0, ..] or [0, 0, 0xfe, 0xff, ..] or [0, 0, 0, not 0, ..] or [not 0, 0, 0, 0, ..] => "text in UTF-32",
        [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [0, not 0, ..] or [not 0, 0, ..] => "text in UTF-16",
        _ => null,
    };

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public static string? Of(in ReadOnlySequence<byte> text)
    {
        Span<byte> head = stackalloc byte[4];
        var start = text.Slice(0, Math.Min(text.Length, head.Length));
        start.CopyTo(head);
        return Of(head[..(int)start.Length]);
    }

    /// <summary>A text without the mark at its beginning.</summary>
    public static ReadOnlySequence<byte> PastMark(in ReadOnlySequence<byte> text)
    {
        SequenceReader<byte> reader = new(text);
        return reader.IsNext(Mark) ? text.Slice(Mark.Length) : text;
    }
}
