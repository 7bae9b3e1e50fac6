using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Auth;

/// <summary>All routes of a whole host, whoever mapped them.</summary>
public sealed class HostPolicyTests(RunningHost running)
{
    // What the design leaves open, and the pages by which a person signs in.
    private static readonly string[] s_open =
    [
        "/api/v1/push/public-key", "/unsubscribe/{token}", "/unsubscribe/{token}/subscribe", "/healthz", "/readyz", "/metrics", "/openapi/v1.json", "/docs",
        "/", "/sign-in", "/sign-out", "/pages.css", "/favicon.svg",
    ];

    [Fact]
    public async Task Nothing_is_open_but_what_is_meant_to_be()
    {
        var host = await running.Get();
        var routes = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(routes.Count > 25);
        var open = routes
            .Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null
                || (route.Metadata.GetMetadata<IAuthorizeData>() is null && route.Metadata.GetMetadata<AuthorizationPolicy>() is null))
            .Select(route => "/" + route.RoutePattern.RawText!.Trim('/'))
            .Where(path => !s_open.Any(known => path == known || (known == "/docs" && path.StartsWith("/docs/", StringComparison.Ordinal))));
        Assert.Empty(open);
    }

    [Theory]
    [InlineData("/api/v1/users/ann")]
    [InlineData("/dashboard")]
    public async Task A_session_or_token_of_one_kind_does_not_open_the_other(string path)
    {
        using var client = await running.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await running.Token(Roles.User));
        request.Headers.Accept.Clear();
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(path.StartsWith("/api", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
