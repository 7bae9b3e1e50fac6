using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Auth;
using OrleansNotify.Metrics;

namespace OrleansNotify.Host.Api.Input;

/// <summary>
/// Bounds what a host works on at a time, and what one caller may have of that. A request counts as work once its body is there, and a body by
/// what has come of it: who is slow holds nothing but his own share. Beyond it, requests are answered at once that they should come again.
/// </summary>
internal sealed class Admission(int mostRequests, long mostBytes)
{
    /// <summary>What one host works on at a time: requests, and bytes of their bodies.</summary>
    public const int Usual = 1024, UsualBytes = 64 << 20;

    /// <summary>What one person may have open at a time: a browser asks for few things at once. A program has three quarters of the host.</summary>
    public const int OfOnePerson = 16;

    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Share> _shares = [];
    private int _requests;
    private long _bytes;

    /// <summary>To be called for each request to the API, after it is known who asks.</summary>
    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var isPerson = context.User.IsInRole(Roles.User);
        using Place place = new(this, $"{(isPerson ? Roles.User : "")} {context.User.FindFirst("sub")?.Value}", isPerson ? OfOnePerson : mostRequests / 4 * 3);
        context.Features.Set(place);
        if ((place.Enter() ?? (ReadsBody(context) ? null : place.Begin())) is { } refused) await Refuse(context, refused);
        else await next(context);
    }

    /// <summary>Answers without waiting for what is left of the body.</summary>
    public static Task Refuse(HttpContext context, IResult refused)
    {
        if (HasBody(context)) context.Response.Headers.Connection = "close";
        return refused.ExecuteAsync(context);
    }

    private static bool HasBody(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    private static bool ReadsBody(HttpContext context) => HasBody(context) && context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null;

    private static IResult HostBusy => Problems.Later(
        StatusCodes.Status503ServiceUnavailable, "This host has as many requests as it takes at a time.", Reasons.HostBusy, After);

    private static IResult CallerBusy => Problems.Later(
        StatusCodes.Status429TooManyRequests, "This caller has as many requests open as one may have at a time.", Refusals.RateLimited, After);

    /// <summary>What one request holds.</summary>
    internal sealed class Place(Admission admission, string caller, int mostOfCaller) : IDisposable
    {
        private bool _entered, _began;
        private long _bytes;

        /// <summary>Takes one of the caller's; the answer where it has no more.</summary>
        public IResult? Enter()
        {
            lock (admission._gate)
            {
                var share = admission._shares.GetValueOrDefault(caller);
                if (share.Requests >= mostOfCaller) return CallerBusy;
                admission._shares[caller] = share with { Requests = share.Requests + 1 };
                _entered = true;
                return null;
            }
        }

        /// <summary>More of the body has come, and is kept; the answer where that is too much.</summary>
        public IResult? Take(long bytes)
        {
            lock (admission._gate)
            {
                var share = admission._shares[caller];
                if (share.Bytes + bytes > admission.MostBytesOfOne) return CallerBusy;
                if (admission._bytes + bytes > admission.MostBytes) return HostBusy;
                admission._shares[caller] = share with { Bytes = share.Bytes + bytes };
                admission._bytes += bytes;
                _bytes += bytes;
                return null;
            }
        }

        /// <summary>The body is there, and the work begins; the answer where there is too much of it.</summary>
        public IResult? Begin()
        {
            lock (admission._gate)
            {
                if (admission._requests >= admission.MostRequests) return HostBusy;
                admission._requests++;
                _began = true;
                return null;
            }
        }

        public void Dispose()
        {
            lock (admission._gate)
            {
                if (_began) admission._requests--;
                if (!_entered) return;
                admission._bytes -= _bytes;
                var share = admission._shares[caller];
                if (share.Requests == 1) admission._shares.Remove(caller);
                else admission._shares[caller] = new(share.Requests - 1, share.Bytes - _bytes);
            }
        }
    }

    private int MostRequests => mostRequests;

    private long MostBytes => mostBytes;

    private long MostBytesOfOne => mostBytes / 4 * 3;

    private readonly record struct Share(int Requests, long Bytes);
}
