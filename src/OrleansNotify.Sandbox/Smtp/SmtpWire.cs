using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansNotify.Sandbox.Smtp;

/// <summary>
/// The lines of one connection. Answers are gathered and written when there is nothing more to read, so a client that pipelines
/// (RFC 2920) gets them in one packet. Holds two buffers of 16 KiB, whatever the client sends.
/// </summary>
internal sealed class SmtpWire(Socket socket) : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly byte[] _in = new byte[BufferBytes];
    private readonly byte[] _out = new byte[BufferBytes];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private int _start, _end, _pending;

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsSecure => _stream is SslStream;

    /// <summary>
    /// The next line with its line feed; without one where the line is longer than the buffer, and then the rest of it follows.
    /// Empty at the end of the connection. Valid until the next call.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadLine()
    {
        while (true)
        {
            if (TryTakeLine(out var line)) return line;
            if (!await Fill()) return default;
        }
    }

    /// <summary>Takes a line that is here already, so that a message is read without a task for each of its lines.</summary>
    public bool TryTakeLine(out ReadOnlyMemory<byte> line)
    {
        var feed = _in.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        var length = feed >= 0 ? feed + 1 : _end - _start == _in.Length ? _in.Length : 0;
        line = _in.AsMemory(_start, length);
        _start += length;
        return length > 0;
    }

    /// <summary>Waits for more bytes, after writing what is to be answered; false at the end of the connection.</summary>
    public async ValueTask<bool> Fill()
    {
        await Flush();
        if (_start > 0)
        {
            _in.AsSpan(_start, _end - _start).CopyTo(_in);
            (_start, _end) = (0, _end - _start);
        }

        var read = await _stream.ReadAsync(_in.AsMemory(_end));
        _end += read;
        return read > 0;
    }

    /// <summary>Answers with a code and a text; each line of the text becomes one of the answer.</summary>
    public async ValueTask Answer(int code, string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = $"{code}{(i < lines.Length - 1 ? '-' : ' ')}{lines[i].TrimEnd('\r')}\r\n";
            if (Encoding.UTF8.GetMaxByteCount(line.Length) > _out.Length - _pending) await Flush();
            _pending += Encoding.UTF8.GetBytes(line, _out.AsSpan(_pending));
        }
    }

    /// <summary>Writes what is to be answered.</summary>
    public async ValueTask Flush()
    {
        if (_pending == 0) return;
        await _stream.WriteAsync(_out.AsMemory(0, _pending));
        _pending = 0;
    }

    /// <summary>Encrypts the connection. What the client sent before is forgotten: nobody vouches for it (RFC 3207 section 4.2).</summary>
    public async Task StartTls(X509Certificate2 certificate)
    {
        await Flush();
        _start = _end = 0;
        SslStream tls = new(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate });
    }

    /// <summary>Says no more, and reads on until the client has gone: closing with bytes unread would take the last answer back.</summary>
    public async Task HangUp()
    {
        await Flush();
        if (_stream is SslStream tls) await tls.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);
        await Drain();
    }

    /// <summary>Reads and forgets until the client has gone.</summary>
    public async Task Drain()
    {
        do _start = _end = 0;
        while (await Fill());
    }

    /// <summary>Closes the connection at once. Reads and writes under way end with an exception.</summary>
    public void Cut() => socket.Dispose();

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
