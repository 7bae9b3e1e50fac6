using System.IO.Compression;

namespace OrleansNotify.Host.Api.Input;

/// <summary>A gzipped body, unpacked as it is read: no more of it is kept than a buffer, and a body that swells beyond measure is given up.</summary>
/// <exception cref="InvalidDataException">It is no gzip, or not whole, or swells too much.</exception>
internal sealed class Gunzip : ReadOnlyStream
{
    /// <summary>How many times its size a body may have unpacked, once that is more than <see cref="Free"/> bytes.</summary>
    public const int MostTimes = 100;

    /// <inheritdoc cref="MostTimes"/>
    public const int Free = 16 << 20;

    private readonly Counted _packed;
    private readonly GZipStream _unpacked;
    private long _given;

    public Gunzip(Stream packed)
    {
        _packed = new Counted(packed);
        _unpacked = new GZipStream(_packed, CompressionMode.Decompress);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await Read(buffer, cancellationToken);
        _given += read;
        if (_given > Free && _given > MostTimes * _packed.Count)
            throw new InvalidDataException($"The file is gzip that unpacks to more than {MostTimes} times its size. Send it unpacked.");
        return read;
    }

    private async Task<int> Read(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await _unpacked.ReadAsync(buffer, cancellation);
        }
        catch (InvalidDataException)
        {
            throw new InvalidDataException("The file is no whole gzip, as its Content-Encoding says: it is damaged, or cut off.");
        }
    }

    private sealed class Counted(Stream inner) : ReadOnlyStream
    {
        public long Count { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Count += read;
            return read;
        }
    }
}

/// <summary>A stream that can be read from its beginning to its end, asynchronously, and nothing else.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
