using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>The text of the API's description: made once, at the first request for it, and then the same for everybody.</summary>
internal sealed class ApiText(IServiceProvider services, SchemaTypes types)
{
    private readonly Lazy<Task<Made>> _made = new(() => Make(services, types));

    /// <summary>Answers it, compressed where that is taken, or 304 to who has it.</summary>
    public async Task<IResult> Answer(HttpContext context)
    {
        var made = await _made.Value;
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        // Whoever has it asks whether it is still so.
        context.Response.Headers.CacheControl = "no-cache";
        var zipped = context.Request.GetTypedHeaders().AcceptEncoding.Any(each => each.Value == "gzip" && each.Quality is null or > 0);
        if (zipped) context.Response.Headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(zipped ? made.Zipped : made.Text, "application/json", entityTag: zipped ? made.ZippedTag : made.Tag);
    }

    private static async Task<Made> Make(IServiceProvider services, SchemaTypes types)
    {
        var provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(OpenApi.Version);
        var document = await provider.GetOpenApiDocumentAsync();
        var node = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!.AsObject();
        new Directions(node, types).Apply();
        var text = JsonSerializer.SerializeToUtf8Bytes(node);
        using MemoryStream zipped = new();
        using (GZipStream zip = new(zipped, CompressionLevel.SmallestSize)) zip.Write(text);
        return new(text, zipped.ToArray(), Convert.ToHexStringLower(SHA256.HashData(text))[..16]);
    }

    private sealed record Made(byte[] Text, byte[] Zipped, string Hash)
    {
        public EntityTagHeaderValue Tag { get; } = new($"\"{Hash}\"");
        public EntityTagHeaderValue ZippedTag { get; } = new($"\"{Hash}-gzip\"");
    }
}
