using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Host.Api.Campaigns;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>What all routes have in common.</summary>
public sealed class ConventionsTests(ApiFixture fixture, RunningHost running) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _api = fixture.Api;

    [Fact]
    public async Task Every_GET_of_the_host_is_answered_to_HEAD_alike()
    {
        using var client = await running.Browser();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await running.Token(Roles.Owner));
        var host = await running.Get();
        var paths = host.App.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>() is null or { HttpMethods: ["GET"] })
            .Select(route => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => segment.Parts is [RoutePatternLiteralPart literal] ? literal.Content : "x")))
            .Distinct().ToList();
        Assert.Contains("/healthz", paths);
        Assert.True(paths.Count > 20, $"{paths.Count}");
        foreach (var path in paths)
        {
            var (get, head) = (await Ask(client, HttpMethod.Get, path), await Ask(client, HttpMethod.Head, path));
            Assert.True(get == head, $"{path}: {get} to GET, {head} to HEAD");
        }
    }

    [Fact]
    public async Task An_answer_to_HEAD_has_no_body()
    {
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", _api.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        // A problem, a JSON answer, and one with a length.
        foreach (var path in (string[])["/nothing", "/api/v1/push/public-key", "/openapi/v1.json"])
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n"), TestContext.Current.CancellationToken);
        await stream.WriteAsync("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream);
        var answers = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, answers.Length);
        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_method_that_a_route_does_not_take_is_a_405_that_names_those_that_it_takes()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/push/public-key");
        using var answer = await _api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((405, "GET, HEAD"), ((int)answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
        (await _api.Ask("PATCH", "/api/v1/messages")).IsProblem(405);
    }

    [Fact]
    public async Task No_route_of_the_api_takes_a_query_that_it_does_not_know()
    {
        var description = await _api.Description();
        foreach (var operation in description.Operations.Where(each => each.Path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            var path = string.Join('/', operation.Path.Split('/').Select(part => part.StartsWith('{') ? "x" : part));
            var answer = (await _api.Ask(operation.Method, path + "?nonsense=1&Limit=2", "{}")).IsProblem(400);
            Assert.Equal(["nonsense", "Limit"], answer.Fields);
            foreach (var parameter in operation.QueryNames)
                Assert.Equal([parameter], (await _api.Ask(operation.Method, $"{path}?{parameter}=1&{parameter}=2", "{}")).IsProblem(400).Fields);
        }

        Assert.False(_api.Grains.Users.ContainsKey("x"));
    }

    [Theory]
    [InlineData("h", null, "h")]
    [InlineData(null, "f", "f")]
    [InlineData("same", "same", "same")]
    [InlineData("h", "f", null)]
    public async Task A_request_is_named_by_its_header_like_by_its_field(string? header, string? field, string? key)
    {
        var named = field is null ? "" : $",\"idempotency_key\":\"{field}\"";
        var user = $"u-{header}-{field}";
        var answers = new[]
        {
            await Post("/api/v1/messages", $"{{\"user_id\":\"{user}\",\"template_name\":\"t\"{named}}}", header),
            await Post("/api/v1/messages/explain", $"{{\"user_id\":\"{user}\",\"template_name\":\"t\"{named}}}", header),
            await Post("/api/v1/campaigns", $"{{\"name\":\"n\",\"template_name\":\"welcome\",\"audience\":[{{\"user_id\":\"u\"}}]{named}}}", header),
        };
        if (key is null)
        {
            Assert.All(answers, answer => Assert.Equal(["idempotency_key"], answer.IsProblem(400).Fields));
            return;
        }

        Assert.All(answers, answer => Assert.True(answer.Code is 200 or 201 or 202, answer.Text));
        Assert.Equal(key, Assert.Single(_api.Grains.User(user).Sent).IdempotencyKey);
        Assert.Contains(CampaignKey.IdOf(key, default), _api.Grains.Campaigns.Keys);
    }

    private async Task<Answer> Post(string path, string body, string? key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", _api.Token());
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await Answer.Of(await _api.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private static async Task<(int Code, string? Media)> Ask(HttpClient client, HttpMethod method, string path)
    {
        using HttpRequestMessage request = new(method, path);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString());
    }
}
