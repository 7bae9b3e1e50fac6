using System.Net;
using System.Net.Http.Headers;

namespace OrleansNotify.Channels.Http;

/// <summary>
/// A request's body that passes a gate before it is written. The handler asks for the body once it has a connection and has only buffered the
/// header, and repeats no request whose body it has asked for; so <see cref="WasWritten"/> divides "nothing was handed over" from "perhaps".
/// </summary>
internal sealed class GatedContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly TurnGate _gate;

    public GatedContent(ReadOnlyMemory<byte> body, string mediaType, TurnGate gate)
    {
        (_body, _gate) = (body, gate);
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    /// <summary>Whether the request began to be written.</summary>
    public bool WasWritten { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (!_gate.TryPass()) throw new HttpRequestException("The turn was over before the request was being written.");
        WasWritten = true;
        return stream.WriteAsync(_body).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
