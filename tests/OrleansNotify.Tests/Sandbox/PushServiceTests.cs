using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Channels.Push;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Push;

namespace OrleansNotify.Tests.Sandbox;

public sealed class PushServiceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly VapidKeys _keys = VapidKeys.Generate();
    private SandboxServer _sandbox = null!;
    private BrowserSubscription _subscription = null!;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions(), _clock);
        _subscription = _sandbox.Push.NewSubscription(_keys.PublicKey);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_push_as_it_should_be_is_taken_and_decrypted()
    {
        var (status, answer) = await Send(Token());

        Assert.Equal((201, ""), (status, answer));
        Assert.Equal("hello", Encoding.UTF8.GetString(Assert.IsType<DeliveredPush>(Assert.Single(_sandbox.Inbox.Items)).Payload.Span));
    }

    /// <summary>Claims that are wrong, after those that are right.</summary>
    public static TheoryData<string, string> WrongClaims => new()
    {
        { """{"aud":"https://elsewhere.example"}""", "aud is not this service" },
        { """{"aud":"ORIGIN/"}""", "aud is not this service" },
        { """{"aud":null}""", "aud is not this service" },
        { """{"aud":7}""", "the token cannot be read" },
        { """{"exp":-1}""", "exp has passed" },
        { """{"exp":0}""", "exp has passed" },
        { """{"exp":86401}""", "exp is more than 24 hours away" },
        { """{"sub":"ops@notify.example"}""", "sub is no mailto: or https: URL" },
        { """{"sub":"mailto:"}""", "sub is no mailto: or https: URL" },
        { """{"alg":"none"}""", "alg is not ES256" },
        { """{"alg":"HS256"}""", "alg is not ES256" },
    };

    [Theory, MemberData(nameof(WrongClaims))]
    public async Task A_token_with_a_wrong_claim_is_refused(string wrong, string why) => await Refuses(Token(wrong), 401, why);

    [Fact]
    public async Task A_token_of_another_signer_is_refused()
    {
        var parts = Token().Split('.', ',');
        var others = Token(keys: VapidKeys.Generate()).Split('.', ',');
        await Refuses($"{parts[0]}.{parts[1]}.{others[2]},{parts[3]}", 401, "the signature does not fit");
        await Refuses($"{parts[0]}.{others[1]}.{parts[2][..^2]}AA,{parts[3]}", 401, "the signature does not fit");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer x")]
    [InlineData("WebPush a.b.c")]
    [InlineData("vapid t=a.b, k=c")]
    public async Task What_is_no_token_is_refused(string authorization) => await Refuses(authorization, 401, "not of the form");

    [Fact]
    public async Task A_token_that_was_good_once_ends()
    {
        var token = Token();
        Assert.Equal(201, (await Send(token)).Status);
        _clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(401, (await Send(token)).Status);
    }

    [Fact]
    public async Task A_key_that_the_subscription_was_not_made_for_is_forbidden() =>
        await Refuses(Token(keys: VapidKeys.Generate()), 401, "VAPID public key mismatch");

    [Theory]
    [InlineData("TTL", null, 400, "TTL")]
    [InlineData("TTL", "-1", 400, "TTL")]
    [InlineData("TTL", "soon", 400, "TTL")]
    [InlineData("Urgency", "urgent", 400, "urgency")]
    [InlineData("Topic", "a.b", 400, "topic")]
    [InlineData("Topic", "123456789012345678901234567890123", 400, "topic")]
    [InlineData("Content-Encoding", "aesgcm", 400, "aes128gcm")]
    public async Task A_header_that_is_missing_or_wrong_is_refused(string name, string? value, int status, string why) =>
        await Refuses(Token(), status, why, (name, value));

    [Fact]
    public async Task A_body_of_somebody_else_or_of_too_many_bytes_is_refused()
    {
        await Refuses(Token(), 400, "cannot decrypt", body: new byte[200]);
        await Refuses(Token(), 413, "too large", body: new byte[4097]);
    }

    [Fact]
    public async Task An_expired_subscription_is_gone_and_an_unknown_one_not_found()
    {
        Assert.True(_sandbox.Push.Expire(_subscription.Id));
        Assert.False(_sandbox.Push.Expire("nobody"));
        await Refuses(Token(), 410, "expired");
        var response = await _http.PostAsync(new Uri($"{_sandbox.PushUrl}/push/nobody"), null, TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)response.StatusCode);
    }

    private async Task Refuses(string authorization, int status, string why, (string Name, string? Value)? header = null, byte[]? body = null)
    {
        var (given, answer) = await Send(authorization, header, body);
        Assert.Equal(status, given);
        Assert.Contains(why, JsonDocument.Parse(answer).RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(_sandbox.Inbox.Items);
    }

    private async Task<(int Status, string Answer)> Send(string authorization, (string Name, string? Value)? other = null, byte[]? body = null)
    {
        Dictionary<string, string?> headers = new() { ["Authorization"] = authorization, ["TTL"] = "60", ["Urgency"] = "high", ["Topic"] = "a-b_c" };
        if (other is { } changed) headers[changed.Name] = changed.Value;
        body ??= MessageEncryption.Encrypt(
            "hello"u8, Base64Url.DecodeFromChars(_subscription.P256dh), Base64Url.DecodeFromChars(_subscription.Auth));
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentEncoding.Add(headers.Remove("Content-Encoding", out var encoding) ? encoding! : "aes128gcm");
        using HttpRequestMessage request = new(HttpMethod.Post, _subscription.Endpoint) { Content = content };
        foreach (var (name, value) in headers)
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A signed token whose claims are right, but for those that are given; <c>exp</c> in seconds from now, <c>alg</c> in its header.</summary>
    private string Token(string wrong = "{}", VapidKeys? keys = null)
    {
        keys ??= _keys;
        using var given = JsonDocument.Parse(wrong.Replace("ORIGIN", _sandbox.PushUrl, StringComparison.Ordinal));
        Dictionary<string, object?> header = new() { ["typ"] = "JWT", ["alg"] = "ES256" };
        Dictionary<string, object?> claims = new() { ["aud"] = _sandbox.PushUrl, ["exp"] = Ends(12 * 3600), ["sub"] = "mailto:ops@notify.example" };
        foreach (var claim in given.RootElement.EnumerateObject())
            (claim.Name == "alg" ? header : claims)[claim.Name] = claim.Name == "exp" ? Ends(claim.Value.GetInt64()) : claim.Value;
        var signed = $"{Part(header)}.{Part(claims)}";
        using var signer = keys.Open();
        var signature = Base64Url.EncodeToString(signer.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
        return $"vapid t={signed}.{signature}, k={keys.PublicKey}";
    }

    private long Ends(long seconds) => _clock.GetUtcNow().ToUnixTimeSeconds() + seconds;

    private static string Part(Dictionary<string, object?> claims) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
}
