using System.IO.Pipelines;
using System.Text;

namespace OrleansNotify.Tests.Host.Api.Campaigns;

/// <summary>A reader that counts what it has to keep for its caller.</summary>
internal sealed class CountingReader(PipeReader inner) : PipeReader
{
    /// <summary>The most that lay here unread at a time.</summary>
    public long MostBytes { get; private set; }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(cancellationToken);
        MostBytes = Math.Max(MostBytes, read.Buffer.Length);
        return read;
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}

/// <summary>Bytes that come a piece at a time.</summary>
internal sealed class InPieces(byte[] bytes, int[] sizes) : MemoryStream(bytes)
{
    private int _read;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, sizes[_read++ % sizes.Length])], cancellationToken);
}

/// <summary>Lines that are made as they are read: each a recipient of its own, or one of any length.</summary>
internal sealed class EndlessLines(int count, int length = 0) : Stream
{
    private byte[] _line = [];
    private int _at, _made;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Bytes that were asked for.</summary>
    public long Given { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _line.Length)
        {
            if (_made == count) return 0;
            (_line, _at) = (Encoding.UTF8.GetBytes($"{{\"user_id\":\"u-{++_made}\",\"vars\":{{\"name\":\"Ada {_made}\"}}}}".PadRight(length) + "\n"), 0);
        }

        var taken = Math.Min(buffer.Length, _line.Length - _at);
        _line.AsSpan(_at, taken).CopyTo(buffer);
        _at += taken;
        Given += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
