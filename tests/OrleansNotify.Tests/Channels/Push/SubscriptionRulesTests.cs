using OrleansNotify.Channels.Push;

namespace OrleansNotify.Tests.Channels.Push;

public sealed class SubscriptionRulesTests
{
    private const string Endpoint = "https://fcm.googleapis.com/fcm/send/abc";
    private const string Point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData(Point, Auth)]
    [InlineData(Point + "=", Auth + "==")]
    [InlineData("BCVxsr7N/eNgVRqvHtD0zTZsEc6+VV+JvLexhqUzORcxaOzi6+AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4=", "BTBZMqHH6r4Tts7J/aSIgg==")]
    public void A_browsers_subscription_becomes_a_device(string point, string auth)
    {
        var errors = Check(Endpoint, point, auth, out var device);

        Assert.Empty(errors);
        Assert.Equal((Endpoint, "the-key", Now), (device!.Endpoint, device.VapidKey, device.CreatedAt));
        Assert.Equal((65, 16), (device.P256dh.Length, device.Auth.Length));
        Assert.Equal(SubscriptionRules.IdOf(Endpoint), device.Id);
    }

    [Theory]
    [InlineData("https://evil.example/", Point, Auth, "endpoint")]
    [InlineData(Endpoint, "", Auth, "keys.p256dh")]
    [InlineData(Endpoint, "not base64url!", Auth, "keys.p256dh")]
    [InlineData(Endpoint, "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Auth, "keys.p256dh")]
    [InlineData(Endpoint, Point, "", "keys.auth")]
    [InlineData(Endpoint, Point, "BTBZMqHH6r4Tts7J_aSI", "keys.auth")]
    [InlineData(Endpoint, Point, "BTBZMqHH6r4Tts7J*aSIgg", "keys.auth")]
    [InlineData("x", "y", "z", "endpoint keys.auth keys.p256dh")]
    public void What_is_wrong_is_told_by_field(string endpoint, string point, string auth, string fields)
    {
        var errors = Check(endpoint, point, auth, out var device);

        Assert.Equal(fields, string.Join(' ', errors.Keys.Order(StringComparer.Ordinal)));
        Assert.All(errors.Values, texts => Assert.NotEmpty(Assert.Single(texts)));
        Assert.Null(device);
    }

    [Fact]
    public void A_key_of_any_length_is_refused_without_reading_it() =>
        Assert.Equal("keys.p256dh", Assert.Single(Check(Endpoint, new string('A', 1_000_000), Auth, out _).Keys));

    [Fact]
    public void An_id_is_of_the_endpoint_alone_and_does_not_tell_it()
    {
        // SHA-256 of the endpoint, its first 16 bytes.
        Assert.Equal(22, SubscriptionRules.IdOf(Endpoint).Length);
        Assert.Equal("ungWv48Bz-pBQUDeXa4iIw", SubscriptionRules.IdOf("abc"));
        Assert.NotEqual(SubscriptionRules.IdOf(Endpoint), SubscriptionRules.IdOf(Endpoint + "d"));
    }

    private static IReadOnlyDictionary<string, string[]> Check(string endpoint, string point, string auth, out OrleansNotify.Users.PushDevice? device)
    {
        PushSubscription subscription = new() { Endpoint = endpoint, Keys = new PushKeys { P256dh = point, Auth = auth } };
        return SubscriptionRules.Check(subscription, new EndpointPolicy([]), "the-key", Now, out device);
    }
}
