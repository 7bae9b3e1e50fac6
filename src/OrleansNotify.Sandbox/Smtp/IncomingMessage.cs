using System.Buffers;

namespace OrleansNotify.Sandbox.Smtp;

/// <summary>
/// Collects the lines after DATA (RFC 5321 section 4.1.1.4), takes the dots' transparency away and notes what is wrong. Reads on to the
/// final dot whatever is wrong, so that client and server stay in step, but keeps no more than the limit.
/// </summary>
internal sealed class IncomingMessage(int maxBytes)
{
    /// <summary>With its line break (RFC 5321 section 4.5.3.1.6).</summary>
    private const int MaxLine = 1000;

    private readonly ArrayBufferWriter<byte> _kept = new(2048);
    private bool _insideLine, _brokeOff, _insideHeader = true, _first = true;

    /// <summary>What is wrong: the answer to give instead of 250; null for a sound message.</summary>
    public string? Wrong { get; private set; }

    /// <summary>The message as it was before its way over the wire.</summary>
    public ReadOnlySpan<byte> Bytes => _kept.WrittenSpan;

    /// <summary>Takes the next line, or a piece of one that is too long; true at the final dot.</summary>
    public bool Take(ReadOnlySpan<byte> line)
    {
        // A dot behind a bare line feed ends nothing: what follows it could be smuggled past a server that thinks otherwise.
        var (continues, afterBareFeed) = (_insideLine, _brokeOff);
        _insideLine = line[^1] != '\n';
        _brokeOff = line is not [.., (byte)'\r', (byte)'\n'];
        if (continues || _insideLine || line.Length > MaxLine + 1) return Refuse("500 5.5.2 Line too long");
        if (_brokeOff || line[..^2].ContainsAny((byte)'\r', (byte)0)) return Refuse("550 5.5.2 Bare CR, bare LF or NUL received");
        if (line[0] == '.' && !afterBareFeed)
        {
            line = line[1..];
            if (line.Length == 2) return true;
        }

        if (line.Length > MaxLine) return Refuse("500 5.5.2 Line too long");
        if (_kept.WrittenCount + line.Length > maxBytes) return Refuse("552 5.3.4 Message size exceeds fixed limit");
        if (_insideHeader) CheckHeader(line[..^2]);
        if (Wrong is null) _kept.Write(line);
        return false;
    }

    private void CheckHeader(ReadOnlySpan<byte> line)
    {
        var first = _first;
        _first = false;
        _insideHeader = line.Length > 0;
        if (!_insideHeader && !first) return;
        if (line.ContainsAnyInRange((byte)128, (byte)255)) Refuse("550 5.6.7 Header is not ASCII");
        else if (line.IsEmpty) Refuse("550 5.6.0 No header");
        else if (line[0] is (byte)' ' or (byte)'\t' ? first : !IsField(line)) Refuse("550 5.6.0 Malformed header");
    }

    // RFC 5322 section 2.2: printable characters, then a colon.
    private static bool IsField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon > 0 && !line[..colon].ContainsAnyExceptInRange((byte)33, (byte)126);
    }

    private bool Refuse(string answer)
    {
        Wrong ??= answer;
        _kept.Clear();
        return false;
    }
}
