using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Input;

/// <summary>The header that names a request like its body's <c>idempotency_key</c>: one of them is enough, and both must say the same.</summary>
internal static class IdempotencyHeader
{
    /// <summary>Its name.</summary>
    public const string Name = "Idempotency-Key";

    /// <summary>What the API's description says of it.</summary>
    public const string Description = "Like `idempotency_key`: one of them is enough.";

    /// <summary>The key of both; or what is wrong with them.</summary>
    public static (string? Key, IResult? Problem) With(string? header, string? field) => header is null || field is null || header == field
        ? (header ?? field, null)
        : (null, Problems.Invalid("idempotency_key", $"Is another than the header {Name} names."));
}
