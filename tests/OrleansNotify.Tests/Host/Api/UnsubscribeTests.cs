using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.WebUtilities;

namespace OrleansNotify.Tests.Host.Api;

public sealed class UnsubscribeTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _api = fixture.Api;

    private string Link(string user, string type = "education", string? locale = null)
    {
        _api.Grains.User(user).Preferences ??= new();
        if (locale is not null) _api.Grains.User(user).View = new UserView { Locale = locale, Disabled = [], PushSubscriptions = [] };
        return $"/unsubscribe/{ApiHost.Links.Create(user, type)}";
    }

    private async Task<(HttpResponseMessage Response, AngleSharp.Html.Dom.IHtmlDocument Page)> Ask(HttpMethod method, string path, HttpContent? form = null, string? language = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = form };
        if (language is not null) request.Headers.AcceptLanguage.ParseAdd(language);
        var response = await _api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (response, page);
    }

    [Fact]
    public async Task The_link_shows_a_page_with_a_button_and_switches_nothing_off()
    {
        var (response, page) = await Ask(HttpMethod.Get, Link("reader", "price_alert"));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("post", page.QuerySelector("form")!.GetAttribute("method"));
        Assert.Equal("Unsubscribe", page.QuerySelector("form button")!.TextContent);
        Assert.Equal("price alert", page.QuerySelector("strong")!.TextContent);
        Assert.Empty(_api.Grains.User("reader").Asked);
    }

    [Fact]
    public async Task The_button_switches_the_type_off()
    {
        var (response, page) = await Ask(HttpMethod.Post, Link("clicker"));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("You are unsubscribed", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("education", Assert.Single(_api.Grains.User("clicker").Asked));
    }

    [Fact]
    public async Task There_is_a_way_back_and_a_way_back_from_there()
    {
        var link = Link("doubter");
        var (_, done) = await Ask(HttpMethod.Post, link);
        Assert.Equal("Subscribe again", done.QuerySelector("form button")!.TextContent);
        var back = Target(link, done);

        var (response, again) = await Ask(HttpMethod.Post, back);
        Assert.Equal((200, "You are subscribed again"), ((int)response.StatusCode, again.QuerySelector("h1")!.TextContent));
        Assert.Equal(link, Target(back, again));
        Assert.Equal(["education", "again education"], _api.Grains.User("doubter").Asked);
        Assert.Equal(405, (int)(await Ask(HttpMethod.Get, back)).Response.StatusCode);
        Assert.Equal(404, (int)(await Ask(HttpMethod.Post, "/unsubscribe/x/subscribe")).Response.StatusCode);

        // Where the form goes, as a browser reads it.
        static string Target(string page, AngleSharp.Html.Dom.IHtmlDocument document) =>
            new Uri(new Uri("https://notify.example" + page), document.QuerySelector("form")!.GetAttribute("action")).AbsolutePath;
    }

    [Fact]
    public async Task Who_is_unsubscribed_already_is_told_so()
    {
        _api.Grains.User("gone-before").Preferences = new Preferences { UnsubscribedTypes = ["education"] };
        var (_, page) = await Ask(HttpMethod.Get, Link("gone-before"));
        Assert.Equal("You are unsubscribed", page.QuerySelector("h1")!.TextContent);
        Assert.Empty(_api.Grains.User("gone-before").Asked);
    }

    [Theory]
    [InlineData("de", null, "de", "Diese Nachrichten abbestellen?")]
    [InlineData("de-AT", "en", "de", "Diese Nachrichten abbestellen?")]
    [InlineData("en", "de", "en", "Stop these messages?")]
    [InlineData("fr", "de", "en", "Stop these messages?")]
    [InlineData(null, "fr, de;q=0.8, en;q=0.5", "de", "Diese Nachrichten abbestellen?")]
    [InlineData(null, "en;q=0.1, de;q=0", "en", "Stop these messages?")]
    [InlineData(null, "*, x", "en", "Stop these messages?")]
    [InlineData(null, null, "en", "Stop these messages?")]
    public async Task The_page_speaks_the_users_language_or_else_the_readers(string? locale, string? reader, string language, string heading)
    {
        var (_, page) = await Ask(HttpMethod.Get, Link($"speaks-{locale}-{reader?.Length}", locale: locale), language: reader);
        Assert.Equal((language, heading), (page.DocumentElement.GetAttribute("lang"), page.QuerySelector("h1")!.TextContent));
        Assert.Equal(language == "de" ? "Wissen" : "education", page.QuerySelector("strong")!.TextContent);
    }

    [Fact]
    public async Task A_token_of_nobody_is_answered_in_the_readers_language()
    {
        var (_, page) = await Ask(HttpMethod.Get, "/unsubscribe/x", language: "de-CH");
        Assert.Equal("Dieser Link funktioniert nicht", page.QuerySelector("h1")!.TextContent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task So_does_the_mail_programs_one_click_without_cookies_or_redirects(bool multipart)
    {
        var user = $"mail-{multipart}";
        using HttpContent form = multipart
            ? new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } }
            : new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        var (response, _) = await Ask(HttpMethod.Post, Link(user), form);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Equal("education", Assert.Single(_api.Grains.User(user).Asked));
    }

    [Fact]
    public async Task The_page_runs_no_script_loads_nothing_and_tells_nobody_its_address()
    {
        var (response, page) = await Ask(HttpMethod.Get, Link("careful"));
        var style = page.QuerySelector("style")!.TextContent;
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Empty(page.QuerySelectorAll("script, link, img, [style], [src]"));
        Assert.NotNull(page.QuerySelector("meta[name=viewport]"));
    }

    [Fact]
    public async Task A_type_is_shown_as_text()
    {
        var (_, page) = await Ask(HttpMethod.Get, Link("curious", "<img src=x onerror=alert(1)>"));
        Assert.Equal("<img src=x onerror=alert(1)>", page.QuerySelector("strong")!.TextContent);
        Assert.Null(page.QuerySelector("img"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("..%2F..")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%C3%A9%20%F0%9F%98%80")]
    public async Task A_token_of_nobody_is_a_404_with_a_page(string token)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            var (response, page) = await Ask(method, $"/unsubscribe/{token}");
            Assert.Equal(404, (int)response.StatusCode);
            Assert.Equal("This link does not work", page.QuerySelector("h1")!.TextContent);
            Assert.Null(page.QuerySelector("form"));
        }
    }

    [Fact]
    public async Task A_changed_token_is_a_404()
    {
        var token = WebEncoders.Base64UrlDecode(ApiHost.Links.Create("target", "education"));
        token[^1] ^= 1;
        Assert.Equal(404, (int)(await Ask(HttpMethod.Post, $"/unsubscribe/{WebEncoders.Base64UrlEncode(token)}")).Response.StatusCode);
        Assert.Empty(_api.Grains.User("target").Asked);
    }

    [Fact]
    public async Task A_user_who_is_gone_is_a_404()
    {
        _api.Grains.User("gone").OnUnsubscribe = _ => Task.FromResult(false);
        var link = Link("gone");
        Assert.Equal(404, (int)(await Ask(HttpMethod.Post, link)).Response.StatusCode);
        Assert.Equal(404, (int)(await Ask(HttpMethod.Post, link + "/subscribe")).Response.StatusCode);
        _api.Grains.User("gone").Preferences = null;
        Assert.Equal(404, (int)(await Ask(HttpMethod.Get, link)).Response.StatusCode);
    }

    [Fact]
    public async Task While_the_store_is_away_the_page_offers_the_button_again()
    {
        _api.Grains.User("unlucky").OnUnsubscribe = _ => Task.FromException<bool>(new StoreUnavailableException());
        var (response, page) = await Ask(HttpMethod.Post, Link("unlucky"));
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
        Assert.Equal("Try again", page.QuerySelector("form button")!.TextContent);
    }

    [Fact]
    public async Task A_silent_store_is_waited_for_four_seconds()
    {
        await using var api = await ApiHost.Start();
        api.Grains.User("waiter").OnUnsubscribe = _ => new TaskCompletionSource<bool>().Task;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/unsubscribe/{ApiHost.Links.Create("waiter", "education")}");
        var answer = api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        await api.Clock.TimerOf(TimeSpan.FromSeconds(4));
        api.Clock.Advance(TimeSpan.FromSeconds(4));
        using var response = await answer;
        Assert.Equal(503, (int)response.StatusCode);
    }
}
