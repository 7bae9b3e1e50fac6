using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>Whatever goes wrong, the answer is problem+json.</summary>
public sealed class ErrorFormTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _api = fixture.Api;

    [Theory]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/api/v1/nowhere")]
    [InlineData("POST", "/api/v1/users/u/nothing")]
    [InlineData("GET", "/")]
    public async Task An_unknown_route_is_a_404(string method, string path)
    {
        (await _api.Ask(method, path)).IsProblem(404);
        using var anonymous = await _api.Http.SendAsync(new HttpRequestMessage(new(method), path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, anonymous.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/messages", "POST")]
    [InlineData("POST", "/api/v1/users/u", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("POST", "/api/v1/users/u/messages", "GET, HEAD")]
    public async Task A_method_that_a_route_does_not_take_is_a_405_that_names_those_it_does(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Authorization = new("Bearer", _api.Token(Roles.Owner));
        using var response = await _api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow.Order()));
        (await Answer.Of(response)).IsProblem(405);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_media_type_than_JSON_is_a_415(string media) =>
        (await _api.Ask("POST", "/api/v1/messages", "{}", media: media)).IsProblem(415);

    [Fact]
    public async Task A_body_of_no_named_type_is_a_415()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Headers.Authorization = new("Bearer", _api.Token(Roles.Owner));
        (await Answer.Of(await _api.Http.SendAsync(request, TestContext.Current.CancellationToken))).IsProblem(415);
    }

    [Fact]
    public async Task A_body_over_one_MiB_is_a_413()
    {
        var body = """{"user_id":"u","template_name":"t"}""";
        Assert.Equal(202, (await _api.Ask("POST", "/api/v1/messages", body.PadRight(1 << 20))).Code);
        (await _api.Ask("POST", "/api/v1/messages", body.PadRight((1 << 20) + 1))).IsProblem(413);
    }

    [Fact]
    public async Task A_chunked_body_over_one_MiB_is_a_413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/users/u") { Content = new StreamContent(new MemoryStream(new byte[(1 << 20) + 1])) };
        request.Headers.Authorization = new("Bearer", _api.Token(Roles.Owner));
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = true;
        request.Content.Headers.ContentType = new("application/json");
        (await Answer.Of(await _api.Http.SendAsync(request, TestContext.Current.CancellationToken))).IsProblem(413);
    }

    [Fact]
    public async Task A_browser_that_asks_for_HTML_gets_problem_json_as_well()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/nowhere");
        request.Headers.Accept.ParseAdd("text/html");
        (await Answer.Of(await _api.Http.SendAsync(request, TestContext.Current.CancellationToken))).IsProblem(404);
    }

    [Fact]
    public async Task A_body_in_broken_chunks_is_a_400()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _api.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        var head = $"PUT /api/v1/users/u HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_api.Token(Roles.Owner)}\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n{}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400", text, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", text, StringComparison.Ordinal);
    }
}
