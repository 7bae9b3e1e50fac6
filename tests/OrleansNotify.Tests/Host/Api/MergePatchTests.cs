using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>Changes of some members (RFC 7396), and that what is answered is taken.</summary>
public sealed class MergePatchTests(RunningHost running)
{
    private const string Ada = """{"email":"ada@b.example","telegram_chat_id":"123456","locale":"de"}""";

    private readonly WholeUser _user = new(running);

    [Theory]
    [InlineData("{}", "ada@b.example", "123456", "de")]
    [InlineData("""{"locale":"fr_ca"}""", "ada@b.example", "123456", "fr-CA")]
    [InlineData("""{"locale":null,"telegram_chat_id":null}""", "ada@b.example", null, "en")]
    [InlineData("""{"email":null,"telegram_chat_id":-1001234567890123}""", null, "-1001234567890123", "de")]
    [InlineData("""{"disabled":[],"push_subscriptions":null,"nothing":null}""", "ada@b.example", "123456", "de")]
    public async Task Of_a_user_what_is_named_changes(string patch, string? email, string? chat, string locale)
    {
        await _user.Ask("PUT", body: Ada);
        foreach (var media in new[] { "application/merge-patch+json", "application/json" })
        {
            var answer = (await _user.Ask("PATCH", body: patch, media: media)).Json;
            Assert.Equal(email, answer.TryGetProperty("email", out var mail) ? mail.GetString() : null);
            Assert.Equal(chat, answer.TryGetProperty("telegram_chat_id", out var id) ? id.GetString() : null);
            Assert.Equal(locale, answer.GetProperty("locale").GetString());
        }
    }

    [Fact]
    public async Task Of_preferences_a_member_of_a_member_changes_and_a_null_is_the_default_again()
    {
        await _user.Ask("PUT", "/preferences", """{"quiet_hours":{"enabled":true,"start":"21:00","end":"06:00","time_zone":"Europe/Berlin"},"instruments_enabled":["EURUSD"],"channels":{"email":false}}""");
        var answer = (await _user.Ask("PATCH", "/preferences", """{"quiet_hours":{"start":"23:00","end":null},"channels":{"push":false,"email":null},"instruments_enabled":null}""")).Json;
        Assert.Equal("""{"enabled":true,"start":"23:00","end":"07:00","time_zone":"Europe/Berlin"}""", answer.GetProperty("quiet_hours").GetRawText());
        Assert.Equal("""{"push":false,"telegram":true,"email":true}""", answer.GetProperty("channels").GetRawText());
        Assert.Equal("[]", answer.GetProperty("instruments_enabled").GetRawText());
        answer = (await _user.Ask("PATCH", "/preferences", """{"quiet_hours":null,"fallback_order":["email"]}""")).Json;
        Assert.False(answer.GetProperty("quiet_hours").GetProperty("enabled").GetBoolean());
        Assert.Equal("""["email"]""", answer.GetProperty("fallback_order").GetRawText());
    }

    [Theory]
    [InlineData("", "[]", "body")]
    [InlineData("", "null", "body")]
    [InlineData("", "{", "body")]
    [InlineData("", """{"locale":"de","locale":"en"}""", "locale")]
    [InlineData("", """{"locale":"\ud800"}""", "locale")]
    [InlineData("", """{"\ud800":1}""", "\\ud800")]
    [InlineData("", """{"email":"nobody"}""", "email")]
    [InlineData("", """{"email":{"a":null}}""", "email")]
    [InlineData("", """{"name":"Ada"}""", "name")]
    [InlineData("", """{"telegram_chat_id":1.5}""", "telegram_chat_id")]
    [InlineData("", """{"telegram_chat_id":true}""", "telegram_chat_id")]
    [InlineData("/preferences", """{"quiet_hours":{"time_zone":"Mars/Olympus"}}""", "quiet_hours.time_zone")]
    [InlineData("/preferences", """{"quiet_hours":"off"}""", "quiet_hours")]
    [InlineData("/preferences", """{"channels":{"push":{"x":1}}}""", "channels.push")]
    [InlineData("/preferences", """{"fallback_order":["email","email"]}""", "fallback_order")]
    [InlineData("/preferences", """{"fallback_order":[null]}""", "fallback_order")]
    public async Task What_becomes_wrong_by_it_is_refused_by_field_and_changes_nothing(string path, string patch, string field)
    {
        var tag = (await _user.Ask("PUT", path, "{}")).Tag();
        Assert.StartsWith(field, Assert.Single((await _user.Ask("PATCH", path, patch)).IsProblem(400).Fields), StringComparison.Ordinal);
        Assert.Equal(tag, (await _user.Ask("GET", path)).Tag());
    }

    [Fact]
    public async Task Two_patches_at_a_time_are_both_made()
    {
        await _user.Ask("PUT", body: Ada);
        var both = await Task.WhenAll(_user.Ask("PATCH", body: """{"email":"new@b.example"}"""), _user.Ask("PATCH", body: """{"telegram_chat_id":7}"""));
        Assert.All(both, answer => Assert.Equal(200, answer.Code));
        var user = (await _user.Ask("GET")).Json;
        Assert.Equal(("new@b.example", "7"), (user.GetProperty("email").GetString(), user.GetProperty("telegram_chat_id").GetString()));
    }

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("-1001234567890", "-1001234567890")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("\"9007199254740993\"", "9007199254740993")]
    [InlineData("9007199254740993", "9007199254740993")]
    public async Task A_chat_is_a_number_or_its_digits_to_the_last_one(string written, string kept)
    {
        var answer = await _user.Ask("PUT", body: $$"""{"telegram_chat_id":{{written}}}""");
        Assert.Equal(kept, answer.Json.GetProperty("telegram_chat_id").GetString());
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("1e5")]
    [InlineData("1.0")]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("[1]")]
    [InlineData("\"@name\"")]
    public async Task No_other_number_is_a_chat(string written) =>
        Assert.Equal(["telegram_chat_id"], (await _user.Ask("PUT", body: $$"""{"telegram_chat_id":{{written}}}""")).IsProblem(400).Fields);

    private static readonly Gen<string> s_word = Gen.String[Gen.Char.AlphaNumeric, 1, 12];

    private static readonly Gen<JsonObject> s_preferences =
        from channels in Gen.Bool.Array[3]
        from words in s_word.Array[0, 5]
        from hours in Gen.Select(Gen.Bool, Gen.Int[0, 1439], Gen.Int[0, 1439], Gen.OneOf(Gen.Const("UTC"), Gen.Const("Europe/London"), Gen.Const("America/New_York")))
        from order in Gen.Shuffle(new[] { "push", "telegram", "email" }, 0, 3)
        from urgent in Gen.Bool
        select new JsonObject
        {
            ["channels"] = new JsonObject { ["push"] = channels[0], ["telegram"] = channels[1], ["email"] = channels[2] },
            ["instruments_enabled"] = new JsonArray([.. words.Select(word => (JsonNode)word)]),
            ["alert_types_enabled"] = new JsonArray([.. words.Reverse().Select(word => (JsonNode)word)]),
            ["quiet_hours"] = new JsonObject
            {
                ["enabled"] = hours.Item1,
                ["start"] = TimeOfDay(hours.Item2),
                ["end"] = TimeOfDay(hours.Item3),
                ["time_zone"] = hours.Item4,
            },
            ["urgent_during_quiet_hours"] = urgent,
            ["fallback_order"] = new JsonArray([.. order.Select(channel => (JsonNode)channel)]),
        };

    private static readonly Gen<JsonObject> s_user =
        from email in Gen.OneOf(Gen.Const((string?)null), s_word.Select(name => (string?)$"{name}@B.example"))
        from chat in Gen.OneOf(Gen.Const((long?)null), Gen.Long.Where(id => id != 0).Select(id => (long?)id))
        from locale in Gen.OneOf(Gen.Const("en"), Gen.Const("DE"), Gen.Const("pt_br"), Gen.Const("zh-hant-tw"))
        select new JsonObject { ["email"] = email, ["telegram_chat_id"] = chat, ["locale"] = locale };

    private static string TimeOfDay(int minutes) => TimeOnly.MinValue.AddMinutes(minutes).ToString("HH':'mm", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task What_GET_answers_PUT_takes_and_changes_nothing_by_it()
    {
        // With a device and with an unsubscribe, which are set elsewhere.
        using var device = (await running.Get()).Sandbox!.Server.Push.NewSubscription((await running.Get()).App.Services.GetRequiredService<NotifyOptions>().Push!.VapidPublicKey);
        Assert.Equal(201, (await _user.Ask("POST", "/push-subscriptions", device.ToJson())).Code);
        await _user.OneClick("education");
        await Gen.Select(s_user, s_preferences).SampleAsync(
            async sample =>
            {
                await RoundTrip("", sample.Item1);
                await RoundTrip("/preferences", sample.Item2);
            },
            iter: Fuzz.Times(40),
            threads: 1);
    }

    private async Task RoundTrip(string path, JsonObject set)
    {
        Assert.Equal(200, (await _user.Ask("PUT", path, set.ToJsonString())).Code);
        var got = await _user.Ask("GET", path);
        foreach (var (method, match) in new[] { ("PUT", null), ("PATCH", null), ("PUT", got.Tag()), ("PATCH", got.Tag()) })
        {
            var put = await _user.Ask(method, path, got.Text, match);
            Assert.Equal((200, got.Text, got.Tag()), (put.Code, put.Text, put.Tag()));
        }
    }
}
