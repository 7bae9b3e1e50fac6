using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using OrleansNotify.Host.Auth;
using OrleansNotify.Tests.Host.Api;

namespace OrleansNotify.Tests.Host.Auth;

/// <summary>Who may use which route.</summary>
public sealed class PolicyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly string[] Open =
    [
        "/api/v1/push/public-key", "/unsubscribe/{token}", "/healthz", "/readyz", "/metrics", "/openapi/v1.json", "/docs",
    ];

    private readonly ApiHost _api = fixture.Api;

    [Fact]
    public void Every_route_says_who_may_use_it()
    {
        Assert.NotEmpty(_api.Endpoints);
        Assert.All(_api.Endpoints.OfType<RouteEndpoint>(), route =>
        {
            var path = "/" + route.RoutePattern.RawText!.TrimStart('/');
            if (route.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                Assert.Contains(Open, open => path == open || path.StartsWith(open + "/", StringComparison.Ordinal));
            else
                Assert.Contains(route.Metadata.GetMetadata<IAuthorizeData>()?.Policy, new[] { Roles.Owner, Roles.Service, Roles.User, Roles.OwnerOrUser, Roles.Any });
        });
    }

    public static TheoryData<string, string, string> Routes => new()
    {
        { Roles.Owner, "POST", "/api/v1/messaging/test" },
        { Roles.Owner, "GET", "/api/v1/dead-letters" },
        { Roles.Owner, "GET", "/api/v1/dead-letters/groups" },
        { Roles.Owner, "POST", "/api/v1/dead-letters/redrive" },
        { Roles.Owner, "GET", "/api/v1/dead-letters/019be2b6000070008000000000000001-1" },
        { Roles.Owner, "DELETE", "/api/v1/dead-letters/019be2b6000070008000000000000001-1" },
        { Roles.Owner, "POST", "/api/v1/dead-letters/019be2b6000070008000000000000001-1/redrive" },
        { Roles.Owner, "POST", "/api/v1/users/me/addresses/email/enable" },
        { Roles.Owner, "DELETE", "/api/v1/channels/telegram/pause" },
        { Roles.Owner, "GET", "/api/v1/redrives/019be2b6-0000-7000-8000-000000000001" },
        { Roles.Service, "POST", "/api/v1/messages" },
        { Roles.Service, "POST", "/api/v1/messages/batch" },
        { Roles.Service, "POST", "/api/v1/messages/explain" },
        { Roles.Service, "POST", "/api/v1/campaigns" },
        { Roles.Service, "POST", "/api/v1/campaigns/preview" },
        { Roles.Service, "GET", "/api/v1/campaigns/019be2b6-0000-7000-8000-000000000001" },
        { Roles.Service, "POST", "/api/v1/campaigns/019be2b6-0000-7000-8000-000000000001/pause" },
        { Roles.Service, "POST", "/api/v1/campaigns/019be2b6-0000-7000-8000-000000000001/resume" },
        { Roles.Service, "POST", "/api/v1/campaigns/019be2b6-0000-7000-8000-000000000001/cancel" },
        { Roles.Service, "GET", "/api/v1/templates" },
        { Roles.Service, "POST", "/api/v1/templates/welcome/preview" },
        { Roles.User, "GET", "/api/v1/users/me" },
        { Roles.User, "PUT", "/api/v1/users/me" },
        { Roles.User, "PATCH", "/api/v1/users/me" },
        { Roles.User, "GET", "/api/v1/users/me/preferences" },
        { Roles.User, "PATCH", "/api/v1/users/me/preferences" },
        { Roles.User, "PUT", "/api/v1/users/me/unsubscribed-types/education" },
        { Roles.User, "DELETE", "/api/v1/users/me/unsubscribed-types/education" },
        { Roles.User, "PUT", "/api/v1/users/me/preferences" },
        { Roles.User, "POST", "/api/v1/users/me/push-subscriptions" },
        { Roles.User, "DELETE", "/api/v1/users/me/push-subscriptions/x" },
        { Roles.User, "GET", "/api/v1/users/me/messages" },
        { Roles.User, "GET", "/api/v1/users/me/messages/019be2b6-0000-7000-8000-000000000001" },
        { Roles.User, "DELETE", "/api/v1/users/me/messages/019be2b6-0000-7000-8000-000000000001" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_takes_its_role_and_those_above_it(string least, string method, string path)
    {
        string[] ranks = [Roles.User, Roles.Service, Roles.Owner];
        foreach (var role in ranks)
        {
            var answer = await _api.Ask(method, path, method is "POST" or "PUT" ? "[]" : null, token: _api.Token(role, "me"));
            if (Array.IndexOf(ranks, role) < Array.IndexOf(ranks, least)) answer.IsProblem(403);
            else Assert.NotInRange(answer.Code, 401, 403);
        }

        using var anonymous = new HttpRequestMessage(new(method), path);
        (await Answer.Of(await _api.Http.SendAsync(anonymous, TestContext.Current.CancellationToken))).IsProblem(401);
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/users/me")]
    [InlineData("GET", "/api/v1/users/me/export")]
    public async Task Nobody_erases_or_exports_a_user_but_an_owner_and_the_user(string method, string path)
    {
        foreach (var token in new[] { _api.Token(Roles.Owner), _api.Token(Roles.User, "me") })
            Assert.NotInRange((await _api.Ask(method, path, token: token)).Code, 401, 403);
        foreach (var token in new[] { _api.Token(Roles.Service, "me"), _api.Token(Roles.User, "you") })
            (await _api.Ask(method, path, token: token)).IsProblem(403);
    }

    [Fact]
    public async Task Whoever_has_a_token_sees_what_types_there_are()
    {
        foreach (var role in new[] { Roles.Owner, Roles.Service, Roles.User })
            Assert.Equal(200, (await _api.Ask("GET", "/api/v1/templates/types", token: _api.Token(role, "anybody"))).Code);
        (await _api.Ask("GET", "/api/v1/templates/types", token: _api.Token("guest"))).IsProblem(403);
        using var anonymous = new HttpRequestMessage(HttpMethod.Get, "/api/v1/templates/types");
        (await Answer.Of(await _api.Http.SendAsync(anonymous, TestContext.Current.CancellationToken))).IsProblem(401);
    }

    [Theory]
    [InlineData("alice", "/api/v1/users/alice", true)]
    [InlineData("alice", "/api/v1/users/bob", false)]
    [InlineData("alice", "/api/v1/users/Alice", false)]
    [InlineData("alice", "/api/v1/users/alice%20", false)]
    [InlineData("alice", "/api/v1/users/%61lice", true)]
    [InlineData("a@b.example", "/api/v1/users/a%40b.example", true)]
    [InlineData("a/b", "/api/v1/users/a%2Fb", true)]
    [InlineData("a/b", "/api/v1/users/a%2fb?x=/users/y/", true)]
    [InlineData("a/b", "/api/v1/users/a%252Fb", false)]
    [InlineData("a%2Fb", "/api/v1/users/a%2Fb", false)]
    [InlineData("a%2Fb", "/api/v1/users/a%252Fb", true)]
    [InlineData("100%", "/api/v1/users/100%25", true)]
    public async Task A_person_reaches_nobody_else(string sub, string path, bool reaches)
    {
        var answer = await _api.Ask("GET", path, token: _api.Token(Roles.User, sub));
        Assert.True(reaches ? answer.Code is 404 or 400 : answer.Code == 403, answer.Text);
        Assert.True(_api.Grains.Users.Keys.All(id => id != "bob" && id != "Alice"));
    }

    [Fact]
    public async Task A_user_id_is_handed_over_as_it_was_written()
    {
        (await _api.Ask("GET", "/api/v1/users/x%2Fy%25z/preferences")).IsProblem(404);
        Assert.Contains("x/y%z", _api.Grains.Users.Keys);
    }

    [Fact]
    public async Task The_public_key_needs_no_token()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/push/public-key");
        var answer = await Answer.Of(await _api.Http.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal("""{"public_key":"BPublic"}""", answer.Text);
    }
}
