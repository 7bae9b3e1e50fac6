using System.Buffers;
using OrleansNotify.Host.Api.Input;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Tells by the first line of an audience that the whole of it is another kind of file.</summary>
internal static class NdjsonHead
{
    private const string Wanted = "Wanted is NDJSON in UTF-8: one {\"user_id\": …, \"vars\": {…}} a line.";

    /// <summary>What is wrong with the file; null where nothing speaks against it.</summary>
    /// <param name="line">Its first line that is not blank, or as much of it as a line may have.</param>
    public static string? Problem(in ReadOnlySequence<byte> line)
    {
        var text = line.ToArray().AsSpan();
        return FileKind.Of(text) switch
        {
            FileKind.Gzip => $"The file is gzip: send it with Content-Encoding: gzip, or unpacked. {Wanted}",
            { } kind => $"The file is {kind}. {Wanted}",
            null when text[0] == '[' => $"The file is a JSON array. {Wanted} Or send JSON as application/json, with the settings and the array as its audience.",
            null when IsCsv(text) => $"The file looks like CSV. {Wanted}",
            null when EndsWithCr(text) => $"The lines of the file end with CR alone. {Wanted} Lines end with LF, or CRLF.",
            null => null,
        };
    }

    private static bool IsCsv(ReadOnlySpan<byte> line) => line.IndexOf((byte)'{') < 0 && line.IndexOfAny(",;\t"u8) >= 0;

    private static bool EndsWithCr(ReadOnlySpan<byte> text)
    {
        for (var rest = text; rest.IndexOf((byte)'\r') is var cr and >= 0; rest = rest[(cr + 1)..])
            if (rest[..cr].TrimEnd(" \t\r"u8) is [.., (byte)'}'] && rest[cr..].TrimStart(" \t\r"u8) is [(byte)'{', ..]) return true;
        return false;
    }
}
