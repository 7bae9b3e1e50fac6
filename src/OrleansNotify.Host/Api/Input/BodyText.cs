using System.Buffers;
using System.IO.Pipelines;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Input;

/// <summary>Makes something of the text of a JSON body, which is not kept.</summary>
internal delegate T ReadText<T>(in ReadOnlySequence<byte> text);

/// <summary>The text of a request's JSON body.</summary>
internal static class BodyText
{
    /// <summary>Reads the whole body, or says with which error to answer.</summary>
    public static async Task<(T? Value, IResult? Problem)> Read<T>(HttpContext context, ReadText<T> read)
        where T : class
    {
        if (!context.Request.HasJsonContentType()) return (null, Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType));
        try
        {
            var text = await ReadToEnd(context.Request.BodyReader, context.RequestAborted);
            var kind = FileKind.Of(text);
            var value = kind is null ? read(FileKind.PastMark(text)) : null;
            context.Request.BodyReader.AdvanceTo(text.End);
            return (value, kind is null ? null : Problems.Invalid(FieldErrors.Body, $"Is {kind}. Wanted is JSON in UTF-8."));
        }
        catch (BadHttpRequestException bad)
        {
            return (null, Problems.OfStatus(bad.StatusCode));
        }
    }

    private static async Task<ReadOnlySequence<byte>> ReadToEnd(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.IsCompleted) return read.Buffer;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
