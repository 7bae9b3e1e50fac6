using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansNotify.Host.Auth;
using OrleansNotify.Tests.Host.Api;

namespace OrleansNotify.Tests.Host.Auth;

/// <summary>Which bearer tokens are taken.</summary>
public sealed class JwtTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Path = "/api/v1/users/u1";
    private readonly ApiHost _api = fixture.Api;

    private static string Part(string json) => Base64UrlEncoder.Encode(json);

    private static string Signed(Dictionary<string, object> claims, string algorithm = SecurityAlgorithms.HmacSha256, string secret = ApiHost.Secret) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), algorithm),
        });

    private Dictionary<string, object> Claims(params (string Name, object? Value)[] changes)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = "me",
            ["role"] = "service",
            ["aud"] = "orleans-notify",
            ["exp"] = _api.Clock.GetUtcNow().ToUnixTimeSeconds() + 60,
        };
        foreach (var (name, value) in changes)
            if (value is null) claims.Remove(name);
            else claims[name] = value;
        return claims;
    }

    private async Task IsTaken(string token) => (await _api.Ask("GET", Path, token: token)).IsProblem(404);

    private async Task IsRefused(string token)
    {
        var answer = (await _api.Ask("GET", Path, token: token)).IsProblem(401);
        Assert.StartsWith("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(token, answer.Text + answer.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_token_of_ours_is_taken() => IsTaken(_api.Token());

    [Fact]
    public Task A_token_with_just_the_claims_that_are_needed_is_taken() => IsTaken(Signed(Claims()));

    [Fact]
    public async Task No_token_is_a_401_that_asks_for_one()
    {
        using var response = await _api.Http.GetAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        (await Answer.Of(response)).IsProblem(401);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    public Task What_is_no_token_is_refused(string token) => IsRefused(token);

    [Fact]
    public Task A_token_signed_with_another_secret_is_refused() => IsRefused(_api.Token(secret: "another-secret-of-at-least-32-bytes!"));

    [Fact]
    public Task An_unsigned_token_is_refused() =>
        IsRefused($"{Part("""{"alg":"none"}""")}.{Part("""{"sub":"me","role":"owner","aud":"orleans-notify","exp":99999999999}""")}.");

    [Theory]
    [InlineData(SecurityAlgorithms.HmacSha384)]
    [InlineData(SecurityAlgorithms.HmacSha512)]
    public Task Another_algorithm_is_refused_though_the_secret_is_right(string algorithm)
    {
        const string Long = ApiHost.Secret + ApiHost.Secret;
        return IsRefusedBy(new JwtSettings { Secrets = [Long] }, Signed(Claims(), algorithm, Long));
    }

    [Fact]
    public async Task A_token_is_good_until_it_expires_give_or_take_half_a_minute()
    {
        var now = _api.Clock.GetUtcNow().ToUnixTimeSeconds();
        await IsTaken(Signed(Claims(("exp", now - 29))));
        await IsRefused(Signed(Claims(("exp", now - 31))));
        await IsTaken(Signed(Claims(("nbf", now + 29))));
        await IsRefused(Signed(Claims(("nbf", now + 31))));
    }

    [Fact]
    public Task A_token_without_an_end_is_refused() => IsRefused(Signed(Claims(("exp", null))));

    [Theory]
    [InlineData("owner", null)]
    [InlineData("owner", "")]
    [InlineData("owner", " ")]
    [InlineData("service", null)]
    [InlineData("user", null)]
    public Task A_token_that_names_nobody_is_refused(string role, string? sub) => IsRefused(Signed(Claims(("role", role), ("sub", sub))));

    // RFC 7515, section 4.1.11.
    [Theory]
    [InlineData("""["exp"]""")]
    [InlineData("""["b64"]""")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    public Task A_token_with_a_critical_extension_is_refused(string critical)
    {
        var text = $"{Part($$"""{"alg":"HS256","typ":"JWT","crit":{{critical}},"b64":true}""")}.{Part(System.Text.Json.JsonSerializer.Serialize(Claims()))}";
        var signature = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(ApiHost.Secret), Encoding.ASCII.GetBytes(text));
        return IsRefused($"{text}.{Base64UrlEncoder.Encode(signature)}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another-service")]
    public Task A_token_for_another_audience_is_refused(string? audience) => IsRefused(Signed(Claims(("aud", audience))));

    [Theory]
    [InlineData(null)]
    [InlineData("admin")]
    [InlineData("Owner")]
    public async Task A_token_without_a_role_of_ours_is_a_403(string? role)
    {
        var answer = (await _api.Ask("GET", Path, token: Signed(Claims(("role", role))))).IsProblem(403);
        Assert.Equal("Bearer error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task While_one_secret_replaces_the_other_both_are_taken()
    {
        const string Next = "the-next-secret-of-at-least-32-bytes!";
        await using var api = await ApiHost.Start(new JwtSettings { Secrets = [Next, ApiHost.Secret] });
        (await api.Ask("GET", Path, token: api.Token())).IsProblem(404);
        (await api.Ask("GET", Path, token: api.Token(secret: Next))).IsProblem(404);
    }

    [Fact]
    public void Settings_do_not_print_their_secrets() =>
        Assert.Equal("1 secret(s)", new JwtSettings { Secrets = ["hunter2"] }.ToString());

    private static async Task IsRefusedBy(JwtSettings jwt, string token)
    {
        await using var api = await ApiHost.Start(jwt);
        (await api.Ask("GET", Path, token: token)).IsProblem(401);
    }
}
