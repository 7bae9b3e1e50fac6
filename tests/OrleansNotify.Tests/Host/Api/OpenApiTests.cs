using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>What the API says of itself.</summary>
public sealed class OpenApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _api = fixture.Api;

    private async Task<string> Document() => (await _api.Ask("GET", "/openapi/v1.json")).Text;

    private async Task<IReadOnlyList<(string Path, string Method, OpenApiOperation Operation)>> Operations()
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(await Document()));
        var read = await OpenApiDocument.LoadAsync(text, "json", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        return [.. read.Document!.Paths.SelectMany(path => path.Value.Operations!.Select(each => (path.Key, each.Key.Method, each.Value)))];
    }

    [Fact]
    public async Task Every_route_is_described()
    {
        var described = (await Operations()).Select(each => $"{each.Method} {each.Path}").Order();
        var mapped = _api.Endpoints.OfType<RouteEndpoint>()
            .Where(route => !route.RoutePattern.RawText!.Contains("docs", StringComparison.Ordinal) && !route.RoutePattern.RawText.Contains("openapi", StringComparison.Ordinal))
            .Select(route => $"{route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0]} {route.RoutePattern.RawText!.TrimEnd('/')}")
            .Order();
        Assert.Equal(mapped, described);
    }

    [Fact]
    public async Task It_is_made_once_compressed_for_who_takes_that_and_not_sent_to_who_has_it()
    {
        var plain = await Get();
        var zipped = await Get(("Accept-Encoding", "gzip"));
        using GZipStream unzipped = new(new MemoryStream(zipped.Body), CompressionMode.Decompress);
        using MemoryStream text = new();
        await unzipped.CopyToAsync(text, TestContext.Current.CancellationToken);
        Assert.Equal(plain.Body, text.ToArray());
        Assert.NotEqual(plain.Tag, zipped.Tag);

        Assert.Equal((HttpStatusCode.NotModified, 0), await Again(plain.Tag));
        Assert.Equal((HttpStatusCode.OK, plain.Body.Length), await Again("\"another\""));

        async Task<(HttpStatusCode, int)> Again(string tag)
        {
            var answer = await Get(("If-None-Match", tag));
            return (answer.Status, answer.Body.Length);
        }
    }

    private async Task<(HttpStatusCode Status, string Tag, byte[] Body)> Get(params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/openapi/v1.json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.ETag!.ToString(), await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_its_parameters_described()
    {
        foreach (var (path, _, operation) in await Operations())
        {
            Assert.False(string.IsNullOrEmpty(operation.OperationId), path);
            Assert.False(string.IsNullOrEmpty(operation.Summary), path);
            Assert.All(operation.Parameters ?? [], parameter => Assert.False(string.IsNullOrEmpty(parameter.Description)));
            Assert.Equal(path.Count(letter => letter == '{'), (operation.Parameters ?? []).Count(parameter => parameter.In == ParameterLocation.Path));
        }
    }

    [Fact]
    public async Task Routes_with_a_policy_ask_for_the_token_and_the_others_do_not()
    {
        foreach (var (path, _, operation) in await Operations())
        {
            var open = path.StartsWith("/unsubscribe", StringComparison.Ordinal) || path == "/api/v1/push/public-key";
            Assert.Equal(open ? 0 : 1, operation.Security?.Count ?? 0);
            Assert.Equal(!open, operation.Responses!.ContainsKey("401"));
        }
    }

    [Fact]
    public async Task Every_error_is_described_as_problem_json()
    {
        foreach (var (path, _, operation) in (await Operations()).Where(each => each.Path.StartsWith("/api", StringComparison.Ordinal)))
            Assert.All(operation.Responses!.Where(response => response.Key[0] is '4' or '5'), response =>
                Assert.Equal("Problem", Assert.IsType<OpenApiSchemaReference>(response.Value.Content!["application/problem+json"].Schema).Reference.Id));
    }

    [Fact]
    public async Task Every_body_has_an_example_that_its_route_takes()
    {
        foreach (var (path, method, operation) in (await Operations()).Where(each => each.Operation.RequestBody is not null))
        {
            var example = operation.RequestBody!.Content!["application/json"].Example;
            Assert.True(example is not null, path);
            var answer = await _api.Ask(method, path.Replace("{id}", "u", StringComparison.Ordinal).Replace("{name}", "welcome", StringComparison.Ordinal), example.ToJsonString());
            Assert.True(answer.Code is < 400 or 404, $"{path}: {answer.Text}");
        }
    }

    [Fact]
    public async Task Every_answer_with_a_body_has_an_example()
    {
        foreach (var (path, _, operation) in (await Operations()).Where(each => each.Operation.OperationId is not ("listTemplates" or "previewTemplate")))
            foreach (var response in operation.Responses!.Where(response => response.Key[0] == '2' && response.Value.Content?.ContainsKey("application/json") == true))
                Assert.True(response.Value.Content!["application/json"].Example is not null, path);
    }

    [Theory]
    [InlineData("Channel", "push,telegram,email")]
    [InlineData("Priority", "transactional,campaign")]
    public async Task Enums_of_requests_are_described_by_their_names(string name, string values)
    {
        var schema = JsonNode.Parse(await Document())!["components"]!["schemas"]![name]!;
        Assert.Equal("string", schema["type"]!.GetValue<string>());
        Assert.Equal(values.Split(','), schema["enum"]!.AsArray().Select(value => value!.GetValue<string>()));
    }

    [Theory]
    [InlineData("Receipt", "accepted,deferred,skipped,duplicate,rejected,busy,unavailable")]
    [InlineData("MessageView", "waiting,deferred,sending,retrying,sent,dead_lettered,cancelled,expired,skipped")]
    public async Task Enums_of_answers_are_texts_that_tell_their_values_so_that_a_new_one_breaks_nobody(string name, string values)
    {
        var schemas = JsonNode.Parse(await Document())!["components"]!["schemas"]!;
        var status = schemas[name]!["properties"]!["status"]!;
        Assert.Equal("string", status["type"]!.GetValue<string>());
        Assert.Null(status["enum"]);
        Assert.Contains($"`{values.Replace(",", "`, `", StringComparison.Ordinal)}`", status["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(schemas[name + "Status"]);
    }

    [Fact]
    public async Task A_request_has_defaults_and_takes_nothing_unknown_and_an_answer_may_get_new_fields()
    {
        var schemas = JsonNode.Parse(await Document())!["components"]!["schemas"]!;
        var message = schemas["MessageBody"]!;
        Assert.False(message["additionalProperties"]!.GetValue<bool>());
        Assert.True(message["properties"]!["fallback"]!["default"]!.GetValue<bool>());
        Assert.Equal("transactional", message["properties"]!["priority"]!["default"]!.GetValue<string>());
        Assert.True(schemas["Preferences"]!["properties"]!["urgent_during_quiet_hours"]!["default"]!.GetValue<bool>());
        Assert.True(schemas["TemplateVars"]!["additionalProperties"]!.GetValue<bool>());
        Assert.Null(schemas["PreferencesView"]!["additionalProperties"]);
        Assert.Null(schemas["PreferencesView"]!["properties"]!["urgent_during_quiet_hours"]!["default"]);
        Assert.Equal(7, schemas["PreferencesView"]!["required"]!.AsArray().Count);
        Assert.Equal("string", schemas["UserView"]!["properties"]!["email"]!["type"]!.GetValue<string>());
        Assert.Equal("""["locale","disabled","push_subscriptions"]""", schemas["UserView"]!["required"]!.ToJsonString());
    }

    [Fact]
    public async Task Times_and_arrays_are_described_as_they_are_written()
    {
        var schemas = JsonElement.Parse(await Document()).GetProperty("components").GetProperty("schemas");
        JsonElement Property(string schema, string name) => schemas.GetProperty(schema).GetProperty("properties").GetProperty(name);
        Assert.Equal("date-time", Property("MessageView", "created_at").GetProperty("format").GetString());
        Assert.Equal("""["null","string"]""", JsonSerializer.Serialize(Property("MessageBody", "send_at").GetProperty("type")));
        Assert.Matches(Property("QuietHours", "start").GetProperty("pattern").GetString()!, "22:00");
        Assert.Equal("#/components/schemas/Channel", Property("Preferences", "fallback_order").GetProperty("items").GetProperty("$ref").GetString());
        Assert.Equal("object", schemas.GetProperty("TemplateVars").GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_page_to_read_it_is_all_from_here()
    {
        using var page = await _api.Http.GetAsync(new Uri("/docs", UriKind.Relative), TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("//", html, StringComparison.Ordinal);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self' 'nonce-", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self';", policy, StringComparison.Ordinal);
        using var script = await _api.Http.GetAsync(new Uri("/docs/scalar.js", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType?.MediaType);
    }
}
