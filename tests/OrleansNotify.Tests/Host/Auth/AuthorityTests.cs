using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansNotify.Host.Auth;
using OrleansNotify.Tests.Host.Api;

namespace OrleansNotify.Tests.Host.Auth;

/// <summary>Tokens of an authority, whose keys are found through its metadata.</summary>
public sealed class AuthorityTests
{
    private const string Path = "/api/v1/users/u1";

    [Fact]
    public async Task A_token_of_the_authority_is_taken_with_RS256_and_ES256_alone()
    {
        await using var authority = await Authority.Start();
        await using var api = await ApiHost.Start(authority.Settings);
        var until = api.Clock.GetUtcNow().UtcDateTime.AddMinutes(1);
        (await api.Ask("GET", Path, token: authority.Token(SecurityAlgorithms.RsaSha256, until))).IsProblem(404);
        (await api.Ask("GET", Path, token: authority.Token(SecurityAlgorithms.EcdsaSha256, until))).IsProblem(404);
        (await api.Ask("GET", Path, token: authority.Token(SecurityAlgorithms.RsaSha512, until))).IsProblem(401);
        (await api.Ask("GET", Path, token: authority.Token(SecurityAlgorithms.RsaSha256, until, issuer: "https://other.example"))).IsProblem(401);
        (await api.Ask("GET", Path, token: authority.Token(SecurityAlgorithms.RsaSha256, until, audience: JwtTokens.Audience))).IsProblem(401);
    }

    [Fact]
    public async Task The_public_key_is_no_secret_to_sign_with()
    {
        await using var authority = await Authority.Start();
        await using var api = await ApiHost.Start(authority.Settings);
        var forged = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = authority.Url,
            Audience = "our-api",
            Expires = api.Clock.GetUtcNow().UtcDateTime.AddMinutes(1),
            NotBefore = api.Clock.GetUtcNow().UtcDateTime,
            IssuedAt = api.Clock.GetUtcNow().UtcDateTime,
            Claims = new Dictionary<string, object> { ["role"] = "owner", ["sub"] = "me" },
            SigningCredentials = new(new SymmetricSecurityKey(authority.PublicKey) { KeyId = "rsa" }, SecurityAlgorithms.HmacSha256),
        });
        (await api.Ask("GET", Path, token: forged)).IsProblem(401);
    }

    [Fact]
    public async Task While_the_authority_is_away_a_token_is_neither_good_nor_bad()
    {
        var authority = await Authority.Start();
        var token = authority.Token(SecurityAlgorithms.RsaSha256, new DateTime(2026, 1, 2, 4, 0, 0, DateTimeKind.Utc));
        var settings = authority.Settings;
        await authority.DisposeAsync();
        await using var api = await ApiHost.Start(settings);

        var answer = (await api.Ask("GET", Path, token: token)).IsProblem(503);

        Assert.Equal("authority_unavailable", answer.Reason);
        Assert.Equal("5", answer.Headers.RetryAfter!.ToString());
        (await api.Ask("GET", Path, token: "nonsense")).IsProblem(401);
    }

    [Fact]
    public async Task Keys_that_are_known_are_good_while_the_authority_is_away()
    {
        var authority = await Authority.Start();
        await using var api = await ApiHost.Start(authority.Settings);
        var token = authority.Token(SecurityAlgorithms.RsaSha256, api.Clock.GetUtcNow().UtcDateTime.AddMinutes(1));
        (await api.Ask("GET", Path, token: token)).IsProblem(404);
        await authority.DisposeAsync();

        (await api.Ask("GET", Path, token: token)).IsProblem(404);
    }

    [Theory]
    [InlineData("roles", """{"roles": ["Notify.Service"]}""", 404)]
    [InlineData("realm_access.roles", """{"realm_access": {"roles": ["offline_access", "Notify.Service"]}}""", 404)]
    [InlineData("roles", """{"roles": ["service"]}""", 403)]
    [InlineData("roles", """{"role": "owner"}""", 403)]
    [InlineData("roles", """{"roles": {"owner": true}}""", 403)]
    public async Task Roles_are_where_and_what_the_settings_say(string claim, string claims, int code)
    {
        await using var authority = await Authority.Start();
        await using var api = await ApiHost.Start(authority.Settings with { RoleClaim = claim, RoleNames = [("service", "Notify.Service")] });
        var token = authority.Token(
            SecurityAlgorithms.RsaSha256, api.Clock.GetUtcNow().UtcDateTime.AddMinutes(1), claims: JsonSerializer.Deserialize<Dictionary<string, object>>(claims));
        (await api.Ask("GET", Path, token: token)).IsProblem(code);
    }

    private sealed class Authority : IAsyncDisposable
    {
        private readonly RSA _rsa = RSA.Create(2048);
        private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly WebApplication _app;

        private Authority(WebApplication app) => _app = app;

        public string Url { get; private set; } = "";

        public JwtSettings Settings => new() { Authority = new Uri(Url), Audience = "our-api" };

        public byte[] PublicKey => _rsa.ExportSubjectPublicKeyInfo();

        public static async Task<Authority> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var authority = new Authority(app);
            app.MapGet("/.well-known/openid-configuration", () => Results.Text(
                JsonSerializer.Serialize(new { issuer = authority.Url, jwks_uri = $"{authority.Url}/keys" }), "application/json"));
            app.MapGet("/keys", authority.Keys);
            await app.StartAsync(TestContext.Current.CancellationToken);
            authority.Url = app.Urls.Single();
            return authority;
        }

        public string Token(string algorithm, DateTime until, string? issuer = null, string audience = "our-api",
            Dictionary<string, object>? claims = null) =>
            new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
            {
                Issuer = issuer ?? Url,
                Audience = audience,
                Expires = until,
                Claims = new Dictionary<string, object>(claims ?? new() { ["role"] = "service" }) { ["sub"] = "me" },
                SigningCredentials = algorithm == SecurityAlgorithms.EcdsaSha256
                    ? new(new ECDsaSecurityKey(_ec) { KeyId = "ec" }, algorithm)
                    : new(new RsaSecurityKey(_rsa) { KeyId = "rsa" }, algorithm),
            });

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _rsa.Dispose();
            _ec.Dispose();
        }

        private IResult Keys()
        {
            var rsa = _rsa.ExportParameters(false);
            var ec = _ec.ExportParameters(false);
            object[] keys =
            [
                new { kty = "RSA", kid = "rsa", use = "sig", n = Base64UrlEncoder.Encode(rsa.Modulus), e = Base64UrlEncoder.Encode(rsa.Exponent) },
                new { kty = "EC", kid = "ec", use = "sig", crv = "P-256", x = Base64UrlEncoder.Encode(ec.Q.X), y = Base64UrlEncoder.Encode(ec.Q.Y) },
            ];
            return Results.Text(JsonSerializer.Serialize(new { keys }), "application/json");
        }
    }
}
