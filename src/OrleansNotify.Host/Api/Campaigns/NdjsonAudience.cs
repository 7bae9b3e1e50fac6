using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>An audience of one recipient a line, read as it comes: of a body of any length, no more is kept than a line and what came with it.</summary>
internal sealed class NdjsonAudience
{
    /// <summary>The longest line, in bytes.</summary>
    public const int LongestLine = 32 * 1024;

    private int _number = 1;
    private bool _skips;

    private NdjsonAudience()
    {
    }

    /// <summary>Reads to the end; lines of white space are none, but count. A last line need not end with a line feed.</summary>
    public static async IAsyncEnumerable<AudienceLine> Read(PipeReader body, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        NdjsonAudience audience = new();
        for (var ended = false; !ended;)
        {
            var read = await body.ReadAsync(cancellation);
            ended = read.IsCompleted;
            List<AudienceLine> lines = [];
            var rest = audience.Take(read.Buffer, ended, lines);
            body.AdvanceTo(rest, read.Buffer.End);
            foreach (var line in lines) yield return line;
        }
    }

    /// <summary>Takes the whole lines, and answers where the next begins.</summary>
    private SequencePosition Take(ReadOnlySequence<byte> text, bool isLast, List<AudienceLine> lines)
    {
        while (text.PositionOf((byte)'\n') is { } end)
        {
            Add(text.Slice(0, end), lines);
            text = text.Slice(text.GetPosition(1, end));
            (_number, _skips) = (_number + 1, false);
        }

        // A line that is too long already is not waited for.
        if (!isLast && !_skips && text.Length <= LongestLine) return text.Start;
        Add(text, lines);
        _skips = true;
        return text.End;
    }

    private void Add(in ReadOnlySequence<byte> line, List<AudienceLine> lines)
    {
        if (_skips || IsBlank(line)) return;
        lines.Add(line.Length > LongestLine
            ? AudienceLine.Wrong(_number, $"Is longer than {LongestLine / 1024} KiB.")
            : AudienceLine.Read(_number, line));
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
            if (part.Span.ContainsAnyExcept(" \t\r"u8)) return false;
        return true;
    }
}
