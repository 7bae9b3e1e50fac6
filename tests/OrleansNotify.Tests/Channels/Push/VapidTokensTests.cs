using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Channels.Push;
using OrleansNotify.Sandbox.Push;

namespace OrleansNotify.Tests.Channels.Push;

public sealed class VapidTokensTests : IDisposable
{
    private const string Service = "https://fcm.googleapis.com";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly VapidKeys _keys = VapidKeys.Generate();
    private readonly VapidTokens _tokens;

    public VapidTokensTests() => _tokens = new VapidTokens(_keys, "ops@notify.example", _clock);

    public void Dispose() => _tokens.Dispose();

    [Theory]
    [InlineData(Service)]
    [InlineData("https://push.example:8443")]
    [InlineData("http://127.0.0.1:8090")]
    public void A_token_says_for_whom_until_when_and_by_whom(string origin)
    {
        var header = _tokens.Authorization(origin);

        Assert.Equal((_keys.PublicKey, null), new VapidCheck(_clock).Check(header, origin));
        Assert.Equal(origin, Claim(header, "aud").GetString());
        Assert.Equal("mailto:ops@notify.example", Claim(header, "sub").GetString());
        Assert.Equal((_clock.GetUtcNow() + TimeSpan.FromHours(12)).ToUnixTimeSeconds(), Claim(header, "exp").GetInt64());
    }

    [Theory]
    [InlineData("https://push.example:8443/p/abc?x=y", "https://push.example:8443")]
    [InlineData("https://push.example:443/p/abc", "https://push.example")]
    [InlineData("http://127.0.0.1:80/p", "http://127.0.0.1")]
    public void The_audience_has_the_port_where_it_is_not_the_schemes_own(string endpoint, string origin) =>
        Assert.Equal(origin, EndpointPolicy.Origin(new Uri(endpoint)));

    [Fact]
    public void A_token_is_used_again_for_its_service_and_made_anew_an_hour_before_its_end()
    {
        var first = _tokens.Authorization(Service);
        Assert.NotEqual(first, _tokens.Authorization("https://web.push.apple.com"));

        _clock.Advance(TimeSpan.FromHours(11) - TimeSpan.FromSeconds(1));
        Assert.Same(first, _tokens.Authorization(Service));

        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = _tokens.Authorization(Service);
        Assert.NotEqual(first, second);
        Assert.Equal(_clock.GetUtcNow() + VapidTokens.Life, DateTimeOffset.FromUnixTimeSeconds(Claim(second, "exp").GetInt64()));
        Assert.Same(second, _tokens.Authorization(Service));
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_a_new_one()
    {
        _tokens.Authorization(Service);
        FakeTimeProvider back = new(_clock.GetUtcNow());
        using VapidTokens tokens = new(_keys, "ops@notify.example", back);
        var first = tokens.Authorization(Service);
        back.AdjustTime(back.GetUtcNow() - TimeSpan.FromDays(2));

        var second = tokens.Authorization(Service);

        Assert.NotEqual(first, second);
        Assert.Null(new VapidCheck(back).Check(second, Service).Error);
    }

    [Fact]
    public void Any_number_of_services_is_served_and_a_bounded_one_kept()
    {
        var first = _tokens.Authorization(Service);
        for (var i = 0; i < 999; i++) _tokens.Authorization($"https://s{i}.push.apple.com");
        Assert.Same(first, _tokens.Authorization(Service));

        _tokens.Authorization("https://one-more.push.apple.com");
        Assert.NotSame(first, _tokens.Authorization(Service));
    }

    [Fact]
    public void Keys_that_do_not_belong_together_are_refused()
    {
        var other = VapidKeys.Generate();
        Assert.ThrowsAny<CryptographicException>(() => (_keys with { PrivateKey = other.PrivateKey }).Open());
    }

    [Fact]
    public void The_private_key_is_not_shown() => Assert.Equal($"VAPID {_keys.PublicKey}", $"{_keys}");

    private static JsonElement Claim(string header, string name) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(header.Split(' ', ',')[1].Split('.')[1])).RootElement.GetProperty(name);
}
