using Microsoft.AspNetCore.Http.Metadata;

namespace OrleansNotify.Host.Api.Input;

/// <summary>The largest body that a route takes, in bytes; more is a 413.</summary>
internal sealed record BodyLimit(long Bytes) : IRequestSizeLimitMetadata
{
    /// <summary>What routes take that say nothing else.</summary>
    public const long Usual = 1 << 20;

    public long? MaxRequestBodySize => Bytes;
}
