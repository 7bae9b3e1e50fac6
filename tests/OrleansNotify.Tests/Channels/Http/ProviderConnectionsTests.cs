using System.Net;
using OrleansNotify.Channels.Http;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Channels.Http;

public sealed class ProviderConnectionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_is_reached_and_no_trace_cookie_or_redirect_is_followed()
    {
        await using RawServer elsewhere = new(RawServer.Answer(200, "inner"));
        await using RawServer server = new(RawServer.Answer(307, "moved", $"Location: {elsewhere.Url}/inner", "Set-Cookie: a=b"));
        ProviderConnections connections = new((_, _) => true);
        using var http = connections.CreateClient(2);
        using System.Diagnostics.Activity activity = new("a trace");
        activity.SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();

        for (var i = 0; i < 2; i++)
        {
            using var response = await http.GetAsync(new Uri(server.Url), Cancellation);
            Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
            var request = await server.Request();
            Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("cookie", request, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(0, elsewhere.Accepted);
        Assert.Equal(Timeout.InfiniteTimeSpan, http.Timeout);
        Assert.False(connections.TakeFailure(new Uri(server.Url)));
    }

    [Fact]
    public async Task An_answer_beyond_the_bound_is_not_read()
    {
        await using RawServer server = new(RawServer.Answer(200, new string('x', ProviderConnections.LargestAnswer + 1)));
        using var http = new ProviderConnections((_, _) => true).CreateClient(2);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(server.Url), Cancellation));
    }

    [Fact]
    public async Task A_failure_to_connect_is_told_once()
    {
        ProviderConnections connections = new((_, _) => true);
        using var http = connections.CreateClient(2);
        Uri url = new($"http://127.0.0.1:{FreePort.Find()}/a"), other = new("http://127.0.0.1:1/");

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(url, Cancellation));

        Assert.False(connections.TakeFailure(other));
        Assert.True(connections.TakeFailure(url));
        Assert.False(connections.TakeFailure(url));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connecting_outlives_the_request_that_gave_up(bool succeeds)
    {
        await using RawServer server = new(RawServer.Answer(200, ""));
        using SemaphoreSlim connecting = new(0), goOn = new(0);
        ProviderConnections connections = new((_, _) =>
        {
            connecting.Release();
            goOn.Wait(Cancellation);
            return succeeds;
        });
        using var http = connections.CreateClient(1);
        using CancellationTokenSource turn = new();
        Uri url = new(server.Url);

        var request = http.GetAsync(url, turn.Token);
        await connecting.WaitAsync(Cancellation);
        await turn.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.False(connections.TakeFailure(url));
        goOn.Release();

        if (succeeds)
        {
            using var response = await http.GetAsync(url, Cancellation);
            Assert.Equal((HttpStatusCode.OK, 1), (response.StatusCode, server.Accepted));
        }
        else
        {
            await Eventually.True(() => connections.TakeFailure(url));
        }
    }

    [Fact]
    public async Task An_address_that_may_not_be_connected_to_is_not()
    {
        await using RawServer server = new(RawServer.Answer(200, ""));
        List<(string Host, IPAddress Address)> asked = [];
        ProviderConnections connections = new((host, address) =>
        {
            asked.Add((host.Host, address));
            return false;
        });
        using var http = connections.CreateClient(2);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"http://localhost:{server.Port}/"), Cancellation));

        Assert.All(asked, each => Assert.True(each.Host == "localhost" && IPAddress.IsLoopback(each.Address)));
        Assert.NotEmpty(asked);
        Assert.Equal(0, server.Accepted);
    }

    [Theory]
    [InlineData("localhost", true, true)]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("localhost", false, false)]
    public async Task A_certificate_is_verified_for_its_host(string host, bool trusted, bool reached)
    {
        using var certificate = RawServer.NewCertificate("localhost");
        await using RawServer server = new(RawServer.Answer(200, "hello"), certificate: certificate);
        var trust = RawServer.TrustIn(certificate);
        ProviderConnections connections = new((_, _) => true, trusted ? trust : null);
        using var http = connections.CreateClient(2);
        Uri url = new($"https://{host}:{server.Port}/");

        if (reached) Assert.Equal("hello", await http.GetStringAsync(url, Cancellation));
        else await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(url, Cancellation));

        Assert.Equal(!reached, connections.TakeFailure(url));
    }
}
