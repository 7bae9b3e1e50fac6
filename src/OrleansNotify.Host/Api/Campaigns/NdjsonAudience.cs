using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using OrleansNotify.Host.Api.Input;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>An audience of one recipient a line, read as it comes: of a body of any length, no more is kept than a line and what came with it.</summary>
internal sealed class NdjsonAudience
{
    /// <summary>The longest line, in bytes: room for 16 KiB of variables, each character escaped.</summary>
    public const int LongestLine = 128 * 1024;

    private int _number = 1;
    private bool _skips, _hasBegun;
    private string? _problem;

    private NdjsonAudience()
    {
    }

    /// <summary>
    /// Reads to the end; lines of white space are none, but count. A last line need not end with a line feed, and any line may begin with a
    /// byte order mark, as files that were put together have it.
    /// </summary>
    /// <exception cref="InvalidDataException">It is another kind of file.</exception>
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
            if (audience._problem is { } problem) throw new InvalidDataException(problem);
            foreach (var line in lines) yield return line;
        }
    }

    /// <summary>Takes the whole lines, and answers where the next begins.</summary>
    private SequencePosition Take(ReadOnlySequence<byte> text, bool isLast, List<AudienceLine> lines)
    {
        while (true)
        {
            if (!_skips) text = PastBlanks(text);
            if (text.PositionOf((byte)'\n') is not { } end) break;
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

    // All of them at once: what holds nothing must cost nothing, however long it is.
    private ReadOnlySequence<byte> PastBlanks(in ReadOnlySequence<byte> text)
    {
        SequenceReader<byte> reader = new(text);
        while (reader.AdvancePastAny(" \t\r\n"u8) > 0 || reader.IsNext(FileKind.Mark, advancePast: true))
        {
        }

        foreach (var part in text.Slice(0, reader.Position)) _number += part.Span.Count((byte)'\n');
        return reader.UnreadSequence;
    }

    private void Add(in ReadOnlySequence<byte> line, List<AudienceLine> lines)
    {
        if (_skips || line.IsEmpty) return;
        if (!_hasBegun) _problem = NdjsonHead.Problem(line.Slice(0, Math.Min(line.Length, LongestLine)));
        _hasBegun = true;
        lines.Add(line.Length > LongestLine
            ? AudienceLine.Wrong(_number, $"Is longer than {LongestLine / 1024} KiB.")
            : AudienceLine.Read(_number, line));
    }
}
