using System.Net;

namespace OrleansNotify.Tests.Described;

/// <summary>
/// Holds every answer that passes against the API's description: its status is declared, its headers are there, its body keeps its schema; and
/// what was asked with a body that was taken kept the schema of requests.
/// </summary>
internal sealed class DescribedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly SemaphoreSlim s_once = new(1);

    // The same for all hosts of a run: it depends on no setting.
    private static ApiDescription? s_description;

    /// <summary>The description, as the host at hand gives it.</summary>
    public async Task<ApiDescription> Description(Uri host, CancellationToken cancellation)
    {
        await s_once.WaitAsync(cancellation);
        try
        {
            if (s_description is not null) return s_description;
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(host, "/openapi/v1.json"));
            using var answer = await base.SendAsync(request, cancellation);
            return s_description = new(await answer.Content.ReadAsStringAsync(cancellation));
        }
        finally
        {
            s_once.Release();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // What is streamed is read once.
        var sent = request.Content is ByteArrayContent or System.Net.Http.Json.JsonContent ? await request.Content.ReadAsStringAsync(cancellationToken) : null;
        var answer = await base.SendAsync(request, cancellationToken);
        var uri = request.RequestUri!;
        if (!uri.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) && !uri.AbsolutePath.StartsWith("/unsubscribe/", StringComparison.Ordinal)) return answer;
        var description = await Description(uri, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        var problem = await Problem(description, request, sent, answer);
        if (problem is not null) throw new UndescribedException($"{request.Method} {uri.PathAndQuery}: {(int)answer.StatusCode}, {problem}");
        return answer;
    }

    private static async Task<string?> Problem(ApiDescription description, HttpRequestMessage request, string? sent, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        if (description.Find(request.Method.Method, request.RequestUri!.AbsolutePath) is not { } operation)
            return status is 404 or 405 or 503 ? null : "which no operation of the description is";
        // A fault of ours, which tests make, is promised by nobody.
        if (operation.Response(status) is not { } response) return status == 500 ? null : "which the description does not name";
        foreach (var (header, _) in response["headers"]?.AsObject() ?? [])
            if (!answer.Headers.Contains(header)) return $"without {header}, which the description promises";
        return await WrongAnswer(description, response, request, answer)
            ?? (sent is not null && await TookAll(answer) ? WrongRequest(description, operation, request, sent) : null);
    }

    /// <summary>Some routes take a part, and say what was wrong with the rest.</summary>
    private static async Task<bool> TookAll(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode) return false;
        var text = await answer.Content.ReadAsStringAsync();
        return !text.Contains("\"rejected\"", StringComparison.Ordinal) && !text.Contains("\"errors\":[{", StringComparison.Ordinal);
    }

    private static async Task<string?> WrongAnswer(
        ApiDescription description, System.Text.Json.Nodes.JsonObject response, HttpRequestMessage request, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var content = response["content"]?.AsObject();
        if (request.Method == HttpMethod.Head || answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified) return text.Length == 0 ? null : "with a body";
        var media = answer.Content.Headers.ContentType?.MediaType ?? "";
        if (content?.ContainsKey(media) != true) return $"as {media}, which the description does not name";
        return media.EndsWith("json", StringComparison.Ordinal) ? description.Problem(content[media]!["schema"], text) is { } problem ? $"{problem}: {text}" : null : null;
    }

    private static string? WrongRequest(ApiDescription description, ApiOperation operation, HttpRequestMessage request, string sent)
    {
        var media = request.Content!.Headers.ContentType?.MediaType ?? "";
        if (!media.EndsWith("json", StringComparison.Ordinal) || media.EndsWith("ndjson", StringComparison.Ordinal)) return null;
        // What a route without a body is sent it does not read.
        return operation.RequestSchema(media) is { } schema && description.Problem(schema, sent) is { } problem ? $"though of its request {problem}: {sent}" : null;
    }
}

/// <summary>An answer, or a request that was taken, that the API's description does not describe.</summary>
internal sealed class UndescribedException(string message) : Exception(message);
