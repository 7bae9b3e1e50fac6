using Microsoft.AspNetCore.Http.Metadata;

namespace OrleansNotify.Host.Api.Input;

/// <summary>The largest body that a route takes, in bytes; more is a 413.</summary>
internal sealed record BodyLimit(long Bytes) : IRequestSizeLimitMetadata
{
    /// <summary>What routes take that say nothing else.</summary>
    public const long Usual = 1 << 20;

    /// <summary>What is enough for a person's addresses, or a device.</summary>
    public const long Small = 16 * 1024;

    /// <summary>What is enough for preferences: three lists of 200 texts of 64 characters, each escaped.</summary>
    public const long Lists = 256 * 1024;

    // A body of 8 MiB may take a minute.
    private const int BytesInASecond = 160 * 1024;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);

    public long? MaxRequestBodySize => Bytes;

    /// <summary>How long reading a whole body may take, however it comes; longer is a 408.</summary>
    public TimeSpan Time => Least + TimeSpan.FromSeconds((int)(Bytes / BytesInASecond));
}
