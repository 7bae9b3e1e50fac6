using System.Text.Json;

namespace OrleansNotify.Sandbox.Push;

/// <summary>A push service's error, as Mozilla's service words it.</summary>
internal sealed record PushError(int Code, int Number, string Message)
{
    public static PushError Unknown { get; } = new(404, 102, "No such subscription");
    public static PushError Expired { get; } = new(410, 103, "The subscription has expired or was taken back");

    /// <summary>The error that the real ones answer most often with this status.</summary>
    public static PushError Usual(int status) => status switch
    {
        400 => new(400, 110, "Invalid crypto headers"),
        401 or 403 => new(status, 109, "Invalid authorization"),
        404 => Unknown,
        410 => Expired,
        413 => new(413, 104, "Payload too large"),
        429 => new(429, 201, "Too many requests"),
        _ => new(status, 999, "The service is unavailable"),
    };

    /// <summary>The answer's body.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new { code = Code, errno = Number, message = Message });
}
