using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Channels.Email;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>The API before real users, on a real store.</summary>
public sealed class WholeHostTests(RunningHost running)
{
    private async Task<Answer> Ask(string method, string path, string? body = null)
    {
        using var client = await running.Browser();
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await running.Token(Roles.Owner));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Answer.Of(await client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private async Task Know(string user) => Assert.Equal(200, (await Ask("PUT", $"/api/v1/users/{user}", """{"email":"a@b.example"}""")).Code);

    private static string Message(string user, string key = "k1", string name = "Ada") =>
        $$"""{"user_id":"{{user}}","template_name":"welcome","template_vars":{"name":"{{name}}"},"idempotency_key":"{{key}}","send_at":"2999-01-01T00:00:00Z"}"""
            .Replace("2999-01-01", DateTime.Today.AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    [Fact]
    public async Task A_message_is_accepted_found_listed_and_cancelled()
    {
        await Know("whole-1");
        var receipt = await Ask("POST", "/api/v1/messages", Message("whole-1"));
        Assert.Equal((202, "deferred", Reasons.SendAt), (receipt.Code, receipt.Json.GetProperty("status").GetString(), receipt.Reason));
        var id = receipt.Json.GetProperty("message_id").GetGuid();
        Assert.Equal("deferred", (await Ask("GET", $"/api/v1/users/whole-1/messages/{id}")).Json.GetProperty("status").GetString());
        Assert.Equal(id, (await Ask("GET", "/api/v1/users/whole-1/messages")).Json.GetProperty("items")[0].GetProperty("message_id").GetGuid());
        Assert.Equal(204, (await Ask("DELETE", $"/api/v1/users/whole-1/messages/{id}")).Code);
        Assert.Equal("settled", (await Ask("DELETE", $"/api/v1/users/whole-1/messages/{id}")).IsProblem(409).Reason);
        (await Ask("DELETE", $"/api/v1/users/whole-1/messages/{Guid.Empty}")).IsProblem(404);
    }

    [Fact]
    public async Task A_repeated_key_is_a_duplicate_and_with_another_body_a_conflict()
    {
        await Know("whole-2");
        var first = (await Ask("POST", "/api/v1/messages", Message("whole-2"))).Json.GetProperty("message_id").GetGuid();
        var second = (await Ask("POST", "/api/v1/messages", Message("whole-2"))).Json;
        Assert.Equal(("duplicate", first), (second.GetProperty("status").GetString(), second.GetProperty("message_id").GetGuid()));
        Assert.Equal(Reasons.IdempotencyKeyReused, (await Ask("POST", "/api/v1/messages", Message("whole-2", name: "Bob"))).IsProblem(409).Reason);
        Assert.Single((await Ask("GET", "/api/v1/users/whole-2/messages")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Pages_of_messages_follow_one_another()
    {
        await Know("whole-3");
        for (var at = 0; at < 5; at++) await Ask("POST", "/api/v1/messages", Message("whole-3", $"k{at}"));
        var seen = new List<Guid>();
        for (string? cursor = "", path = "?limit=2"; cursor is not null; path = $"?limit=2&cursor={cursor}")
        {
            var page = (await Ask("GET", $"/api/v1/users/whole-3/messages{path}")).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(message => message.GetProperty("message_id").GetGuid()));
            cursor = page.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Theory]
    [InlineData("POST", "/api/v1/messages", """{"user_id":"whole-4","template_name":"nothing"}""", 400, "template_name")]
    [InlineData("POST", "/api/v1/messages", """{"user_id":"whole-4","template_name":"position_failure_sl","template_vars":{"instrument":[]}}""", 400, "template_vars.instrument")]
    [InlineData("POST", "/api/v1/messages", """{"user_id":"nobody","template_name":"welcome"}""", 404, "")]
    [InlineData("PUT", "/api/v1/users/whole-4", """{"email":"a@b.example\r\nBcc: c@d.example"}""", 400, "email")]
    [InlineData("PUT", "/api/v1/users/whole-4", """{"email":"not an address"}""", 400, "email")]
    [InlineData("PUT", "/api/v1/users/whole-4", """{"telegram_chat_id":"@channel"}""", 400, "telegram_chat_id")]
    [InlineData("PUT", "/api/v1/users/whole-4", """{"locale":"english!"}""", 400, "locale")]
    [InlineData("PUT", "/api/v1/users/whole-4/preferences", """{"quiet_hours":{"time_zone":"Mars/Base"}}""", 400, "quiet_hours.time_zone")]
    [InlineData("POST", "/api/v1/users/whole-4/push-subscriptions", """{"endpoint":"https://10.0.0.1/x","keys":{"p256dh":"x","auth":"y"}}""", 400, "endpoint")]
    public async Task What_users_refuse_names_the_field(string method, string path, string body, int code, string field)
    {
        var answer = (await Ask(method, path, body)).IsProblem(code);
        if (code == 400) Assert.Contains(field, answer.Fields);
        (await Ask("GET", "/api/v1/users/whole-4")).IsProblem(404);
    }

    [Fact]
    public async Task Variables_over_16_KiB_are_refused()
    {
        await Know("whole-5");
        var answer = await Ask("POST", "/api/v1/messages", Message("whole-5", name: new string('x', 17_000)));
        Assert.Equal(["template_vars"], answer.IsProblem(400).Fields);
    }

    [Theory]
    [InlineData("😀", 4000)]
    [InlineData("\\ud83d\\ude00", 4000)]
    [InlineData("\\u0439", 8000)]
    public async Task Variables_of_16_KiB_are_taken_however_they_are_escaped(string letter, int times)
    {
        await Know("whole-10");
        var answer = await Ask("POST", "/api/v1/messages", Message("whole-10", $"{letter.Length}", string.Concat(Enumerable.Repeat(letter, times))));
        Assert.True(answer.Code == 202, answer.Text);
    }

    [Fact]
    public async Task The_same_request_in_another_spelling_is_a_duplicate()
    {
        await Know("whole-11");
        var first = await Ask("POST", "/api/v1/messages", """{"user_id":"whole-11","template_name":"welcome","template_vars":{"name":"Ada","n":1},"idempotency_key":"k"}""");
        Assert.Equal(202, first.Code);
        foreach (var other in (string[])[
            """{"idempotency_key":"k","template_vars":{"n":1.0,"name":"\u0041da"},"template_name":"welcome","user_id":"whole-11"}""",
            """{"idempotency_key":"k","fallback":true,"priority":"transactional","template_vars":{"n":1e0,"name":"Ada"},"template_name":"welcome","user_id":"whole-11"}"""])
        {
            var second = await Ask("POST", "/api/v1/messages", other);
            Assert.Equal((200, "duplicate"), (second.Code, second.Json.GetProperty("status").GetString()));
        }
    }

    [Fact]
    public async Task The_link_in_a_mail_switches_its_type_off()
    {
        await Know("whole-6");
        var link = (await running.Get()).App.Services.GetRequiredService<UnsubscribeLinks>().Create("whole-6", "onboarding");
        Assert.Equal(200, (await Ask("POST", $"/unsubscribe/{link}")).Code);
        Assert.Equal("onboarding", (await Ask("GET", "/api/v1/users/whole-6/preferences")).Json.GetProperty("unsubscribed_types")[0].GetString());
        Assert.Equal(Reasons.Unsubscribed, (await Ask("POST", "/api/v1/messages", Message("whole-6"))).Reason);
    }

    [Fact]
    public async Task A_batch_to_real_users_is_answered_in_its_order()
    {
        await Know("whole-7");
        await Know("whole-8");
        var body = $"[{Message("whole-7")},{Message("nobody")},{Message("whole-8")},{Message("whole-7")},7]";
        var statuses = (await Ask("POST", "/api/v1/messages/batch", body)).Json.EnumerateArray().Select(receipt => receipt.GetProperty("status").GetString());
        Assert.Equal(["deferred", "rejected", "deferred", "duplicate", "rejected"], statuses);
    }

    [Fact]
    public async Task A_test_message_reaches_the_sandbox()
    {
        await Know("whole-9");
        var answer = await Ask("POST", "/api/v1/messaging/test", """{"user_id":"whole-9","channel":"email","template_name":"welcome"}""");
        Assert.True(answer.Json.GetProperty("status").GetString() == "sent", answer.Text);
    }
}
