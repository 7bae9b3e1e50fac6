using Microsoft.AspNetCore.Http.Features;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Input;

/// <summary>
/// Bounds what a host works on at a time, whoever asks: beyond it, requests are answered with 503 at once, before their body is read. So a
/// flood costs its callers time, and the host no memory.
/// </summary>
internal sealed class Admission(int most)
{
    /// <summary>
    /// What one host takes at a time: 1,024 requests, fewer where their bodies are large; some 64 MiB of bodies in all, or four times that
    /// where they do not tell their length.
    /// </summary>
    public const int Usual = 1024;

    private const int BytesOfOne = 64 * 1024, UntoldBytesOfOne = 4 * BytesOfOne;

    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    private int _taken;

    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var weight = WeightOf(context);
        try
        {
            if (Interlocked.Add(ref _taken, weight) > most) await Refuse(context);
            else await next(context);
        }
        finally
        {
            Interlocked.Add(ref _taken, -weight);
        }
    }

    // A body that does not tell its length may be as large as the route allows; it seldom is, and many clients never tell.
    private static int WeightOf(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }) return 1;
        var most = context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? BodyLimit.Usual;
        return 1 + (int)(context.Request.ContentLength is { } length ? Math.Min(length, most) / BytesOfOne : most / UntoldBytesOfOne);
    }

    private static Task Refuse(HttpContext context) => Problems.Later(
        StatusCodes.Status503ServiceUnavailable, "This host has as many requests as it takes at a time.", Reasons.HostBusy, After).ExecuteAsync(context);
}
