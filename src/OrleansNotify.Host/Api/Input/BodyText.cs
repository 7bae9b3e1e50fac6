using System.Buffers;
using System.IO.Pipelines;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Json;
using OrleansNotify.Metrics;

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
            var (text, refused) = await ReadInTime(context);
            if (refused is not null) return (null, new Refusal(refused));
            var kind = FileKind.Of(text);
            var value = kind is null ? read(FileKind.PastMark(text)) : null;
            context.Request.BodyReader.AdvanceTo(text.End);
            return (value, kind is null ? null : Problems.Invalid(FieldErrors.Body, $"Is {kind}. Wanted is JSON in UTF-8."));
        }
        catch (BadHttpRequestException bad)
        {
            return (null, new Refusal(Problems.OfStatus(bad.StatusCode)));
        }
    }

    private static async Task<(ReadOnlySequence<byte> Text, IResult? Refused)> ReadInTime(HttpContext context)
    {
        var place = context.Features.Get<Admission.Place>();
        var reader = context.Request.BodyReader;
        // Most bodies are there already.
        if (reader.TryRead(out var first))
        {
            if (first.IsCompleted && (place?.Take(first.Buffer.Length) ?? place?.Begin()) is var full)
            {
                if (full is not null) reader.AdvanceTo(first.Buffer.End);
                return (first.Buffer, full);
            }

            reader.AdvanceTo(first.Buffer.Start);
        }

        var services = context.RequestServices;
        var time = context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Time ?? new BodyLimit(BodyLimit.Usual).Time;
        using CancellationTokenSource late = new(time, services.GetRequiredService<TimeProvider>());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            return await ReadToEnd(reader, place, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            services.GetRequiredService<NotifyMetrics>().Refused(Refusals.BodyTooSlow);
            return (default, Problems.Of(
                StatusCodes.Status408RequestTimeout, $"The body was not there within {time.TotalSeconds:0} seconds.", Refusals.BodyTooSlow));
        }
    }

    private static async Task<(ReadOnlySequence<byte> Text, IResult? Refused)> ReadToEnd(PipeReader reader, Admission.Place? place, CancellationToken cancellation)
    {
        for (long taken = 0; ;)
        {
            var read = await reader.ReadAsync(cancellation);
            var more = read.Buffer.Length - taken;
            taken += more;
            if (place?.Take(more) is { } refused)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (default, refused);
            }

            if (read.IsCompleted) return (read.Buffer, place?.Begin());
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private sealed class Refusal(IResult answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Admission.Refuse(httpContext, answer);
    }
}
