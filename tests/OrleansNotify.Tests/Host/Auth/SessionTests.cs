using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Host.Auth;
using OrleansNotify.Metrics;
using OrleansNotify.Tests.Host.Api;

namespace OrleansNotify.Tests.Host.Auth;

/// <summary>A browser's session is worth no more than the token that it was made with.</summary>
public sealed class SessionTests
{
    private const string Next = "the-next-secret-of-at-least-32-bytes!";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly EphemeralDataProtectionProvider _keys = new();
    private readonly CookieContainer _cookies = new();

    [Fact]
    public async Task It_ends_with_its_token()
    {
        await using var site = await Start(ApiHost.Secret);
        await SignIn(site, ApiHost.Secret, TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.OK, await Look(site));

        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(HttpStatusCode.OK, await Look(site));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await Look(site));
    }

    [Fact]
    public async Task It_ends_after_a_working_day_though_its_token_lives_longer()
    {
        await using var site = await Start(ApiHost.Secret);
        await SignIn(site, ApiHost.Secret, TimeSpan.FromDays(30));
        _clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, await Look(site));
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await Look(site));
    }

    [Fact]
    public async Task It_ends_with_the_secret_of_its_token()
    {
        await using (var site = await Start(ApiHost.Secret)) await SignIn(site, ApiHost.Secret, TimeSpan.FromHours(10));
        await using (var replacing = await Start(Next, ApiHost.Secret)) Assert.Equal(HttpStatusCode.OK, await Look(replacing));
        await using (var replaced = await Start(Next)) Assert.Equal(HttpStatusCode.Unauthorized, await Look(replaced));
    }

    [Fact]
    public async Task While_the_authority_is_away_a_token_makes_no_session_and_is_not_called_wrong()
    {
        ServiceCollection services = new();
        services.AddLogging().AddSingleton<TimeProvider>(_clock);
        JwtBearer.Add(services, new JwtSettings { Authority = new Uri("http://127.0.0.1:1"), Audience = JwtTokens.Audience });
        await using var provider = services.BuildServiceProvider();
        var token = JwtTokens.Mint(ApiHost.Secret, "ann", Roles.Owner, TimeSpan.FromHours(1), _clock);

        await Assert.ThrowsAsync<AuthorityUnavailableException>(() => JwtBearer.Judge(provider, token));

        DefaultHttpContext asked = new() { RequestServices = services.AddSingleton(new NotifyMetrics(Prometheus.Metrics.NewCustomRegistry())).BuildServiceProvider() };
        Assert.True(await new AuthorityAway().TryHandleAsync(asked, new AuthorityUnavailableException(), TestContext.Current.CancellationToken));
        Assert.Equal((503, "5"), (asked.Response.StatusCode, asked.Response.Headers.RetryAfter.ToString()));
        Assert.False(await new AuthorityAway().TryHandleAsync(asked, new InvalidOperationException(), TestContext.Current.CancellationToken));
    }

    private async Task<WebApplication> Start(params string[] secrets)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(_clock);
        JwtBearer.Add(builder.Services, new JwtSettings { Secrets = [.. secrets] });
        OrleansNotify.Host.Auth.SignIn.Add(builder.Services, behindHttps: false);
        builder.Services.AddSingleton<IDataProtectionProvider>(_keys);
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPost("/enter", async (HttpContext context, TimeProvider clock) =>
        {
            using StreamReader token = new(context.Request.Body);
            return await OrleansNotify.Host.Auth.SignIn.Try(context, await token.ReadToEndAsync(), clock) ? Results.Ok() : Results.Unauthorized();
        });
        app.MapGet("/", () => "for owners").RequireAuthorization(OrleansNotify.Host.Auth.SignIn.Owner);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private async Task SignIn(WebApplication site, string secret, TimeSpan life)
    {
        using var browser = Browser(site);
        var token = JwtTokens.Mint(secret, "ann", Roles.Owner, life, _clock);
        using var entered = await browser.PostAsync(new Uri("/enter", UriKind.Relative), new StringContent(token), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, entered.StatusCode);
    }

    private async Task<HttpStatusCode> Look(WebApplication site)
    {
        using var browser = Browser(site);
        using var answer = await browser.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private HttpClient Browser(WebApplication site) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = _cookies }) { BaseAddress = new Uri(site.Urls.Single()) };
}
