using System.Net;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Auth;

public sealed class SignInTests(RunningHost host)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_is_asked_to_sign_in_and_a_program_is_refused()
    {
        using var browser = await host.Browser();

        using var asked = await browser.GetAsync(new Uri("/dashboard/", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal("/sign-in?return=%2Fdashboard%2F", asked.Headers.Location!.ToString());

        browser.DefaultRequestHeaders.Accept.Clear();
        using var refused = await browser.GetAsync(new Uri("/dashboard/", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task An_owners_token_becomes_a_session_that_opens_the_dashboard_until_signed_out()
    {
        using var browser = await host.Browser();

        using var entered = await Enter(browser, await host.Token(Roles.Owner), "/dashboard");
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
        Assert.Equal("/dashboard", entered.Headers.Location!.ToString());
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"), line => line.StartsWith("notify.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires=", cookie, StringComparison.OrdinalIgnoreCase);

        using var dashboard = await browser.GetAsync(new Uri("/dashboard/", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, dashboard.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(new Uri("/api/v1/users/ann", UriKind.Relative), Cancellation)).StatusCode);

        var form = await Form(browser, "/sign-in");
        Assert.Contains("<b>ann</b>", form.Page, StringComparison.Ordinal);
        using var left = await browser.PostAsync(
            new Uri("/sign-out", UriKind.Relative), new FormUrlEncodedContent(form.Fields), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        using var after = await browser.GetAsync(new Uri("/dashboard/", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Theory]
    [InlineData(Roles.Service)]
    [InlineData(Roles.User)]
    [InlineData("nonsense")]
    public async Task No_other_token_signs_in(string role)
    {
        using var browser = await host.Browser();

        using var answer = await Enter(browser, role == "nonsense" ? role : await host.Token(role), "/dashboard");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key == "Set-Cookie" && header.Value.Any(line => line.Contains("notify.session", StringComparison.Ordinal)));
        Assert.Contains("not a valid token of an owner", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_signs_nobody_in_or_out()
    {
        using var browser = await host.Browser();
        var token = await host.Token(Roles.Owner);

        using var entered = await browser.PostAsync(
            new Uri("/sign-in", UriKind.Relative), new FormUrlEncodedContent([new("token", token), new("return", "/")]), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, entered.StatusCode);

        (await Enter(browser, token, "/")).Dispose();
        using var left = await browser.PostAsync(new Uri("/sign-out", UriKind.Relative), new FormUrlEncodedContent([]), Cancellation);
        using var dashboard = await browser.GetAsync(new Uri("/dashboard/", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, dashboard.StatusCode);
    }

    [Fact]
    public async Task A_bearer_token_opens_the_dashboard_to_programs()
    {
        using var client = await host.Browser();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await host.Token(Roles.Service));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("/dashboard/", UriKind.Relative), Cancellation)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", await host.Token(Roles.Owner));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/dashboard/", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("/dashboard", "/dashboard")]
    [InlineData("/a?b=c#d", "/a?b=c#d")]
    [InlineData("/é?ü=😀", "/%C3%A9?%C3%BC=%F0%9F%98%80")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    [InlineData("/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    public void Afterwards_one_stays_on_this_host(string? path, string safe) => Assert.Equal(safe, SignInPage.Safe(path));

    [Theory]
    [InlineData("127.0.0.1", "localhost:5080", null, true)]
    [InlineData("127.0.0.1", "127.0.0.1:5080", null, true)]
    [InlineData("::1", "[::1]:5080", null, true)]
    [InlineData("10.0.0.2", "localhost:5080", null, false)]
    [InlineData("127.0.0.1", "evil.example:5080", null, false)]
    [InlineData("127.0.0.1", "10.0.0.2:5080", null, false)]
    [InlineData("127.0.0.1", "localhost", null, false)]
    [InlineData("127.0.0.1", "localhost:5081", null, false)]
    [InlineData("127.0.0.1", "localhost:5080", "X-Forwarded-For", false)]
    [InlineData("127.0.0.1", "localhost:5080", "X-Original-For", false)]
    [InlineData("127.0.0.1", "localhost:5080", "X-Forwarded-Proto", false)]
    [InlineData("127.0.0.1", "localhost:5080", "Forwarded", false)]
    [InlineData("127.0.0.1", "localhost:5080", "Via", false)]
    public void Whoever_sits_at_this_machine_is_known_by_address_and_name(string address, string name, string? forwarded, bool local)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.Connection.LocalPort = 5080;
        context.Request.Host = new HostString(name);
        if (forwarded is not null) context.Request.Headers[forwarded] = "203.0.113.9";

        Assert.Equal(local, LocalRequest.Is(context));
    }

    [Fact]
    public async Task A_redirect_says_nothing_of_the_host_that_a_request_names()
    {
        using var browser = await host.Browser();
        using HttpRequestMessage request = new(HttpMethod.Get, "/dashboard/?a=b");
        request.Headers.Host = "evil.example";

        using var asked = await browser.SendAsync(request, Cancellation);

        Assert.Equal("/sign-in?return=%2Fdashboard%2F%3Fa%3Db", asked.Headers.Location!.ToString());
    }

    [Fact]
    public async Task One_goes_back_to_a_path_that_is_not_ASCII()
    {
        using var browser = await host.Browser();
        using var entered = await Enter(browser, await host.Token(Roles.Owner), "/é");
        Assert.Equal("/%C3%A9", entered.Headers.Location!.OriginalString);
    }

    private static async Task<HttpResponseMessage> Enter(HttpClient browser, string token, string path)
    {
        var (_, fields) = await Form(browser, "/sign-in?return=" + Uri.EscapeDataString(path));
        fields["token"] = token;
        return await browser.PostAsync(new Uri("/sign-in", UriKind.Relative), new FormUrlEncodedContent(fields), Cancellation);
    }

    private static async Task<(string Page, Dictionary<string, string> Fields)> Form(HttpClient browser, string path)
    {
        var page = await browser.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation);
        using var document = await new HtmlParser().ParseDocumentAsync(page, Cancellation);
        return (page, document.QuerySelectorAll("input[type=hidden]").ToDictionary(field => field.GetAttribute("name")!, field => field.GetAttribute("value")!));
    }
}
