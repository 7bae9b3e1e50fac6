using System.Net;
using OrleansNotify.Sandbox;

namespace OrleansNotify.Tests.Sandbox;

/// <summary>In Development a page of the sandbox stands for every page of the product.</summary>
public sealed class ProductPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/dashboard", "/dashboard")]
    [InlineData("/dashboard/alerts", "/dashboard/alerts")]
    [InlineData("/dashboard/approvals/apr_7Q2F9?from=mail&x=%3Cb%3E", "/dashboard/approvals/apr_7Q2F9?from=mail&amp;x=%3Cb%3E")]
    [InlineData("/%3Cscript%3E/{{path}}/'", "/%3Cscript%3E/%7B%7Bpath%7D%7D/&#x27;")]
    public async Task It_shows_the_path_that_was_asked_for(string path, string shown)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System);
        using HttpClient http = new();

        using var answer = await http.GetAsync(new Uri(sandbox.AppUrl + path), Cancellation);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains($"<code>{shown}</code>", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none';", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("GET", "/bot1:x/getMe", 401)]
    [InlineData("POST", "/dashboard/alerts", 404)]
    [InlineData("GET", "/sandbox/nothing", 404)]
    public async Task The_receivers_answer_as_they_did(string method, string path, int status)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System);
        using HttpClient http = new();
        using HttpRequestMessage request = new(new(method), sandbox.HttpUrl + path);

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(status, (int)answer.StatusCode);
    }
}
