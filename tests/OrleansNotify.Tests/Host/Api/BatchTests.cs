using System.Text;

namespace OrleansNotify.Tests.Host.Api;

public sealed class BatchTests
{
    private const string Path = "/api/v1/messages/batch";

    [Fact]
    public async Task Receipts_come_in_the_order_of_the_requests_and_a_wrong_one_spoils_no_other()
    {
        await using var api = await ApiHost.Start();
        foreach (var user in new[] { "a", "b" })
            api.Grains.User(user).OnSend = request => Task.FromResult(new Receipt { Status = ReceiptStatus.Skipped, Reason = $"{user}-{request.TemplateName}" });
        api.Grains.User("busy").OnSend = _ => Task.FromResult(new Receipt { Status = ReceiptStatus.Busy, Reason = Reasons.OutboxFull });
        var answer = await api.Ask("POST", Path, """
            [{"user_id":"a","template_name":"1"}, null, {"user_id":"b","template_name":"2"}, 7, {"user_id":"a b","template_name":"t"},
             {"user_id":"a","template_name":"3","channel":"fax","more":1}, {"user_id":"a","template_name":"4","template_name":"5"},
             {"user_id":"busy","template_name":"6"}, {"user_id":"a","template_name":"7","template_vars":{"x":"\ud800"}}, {"user_id":"a","template_name":"8"}]
            """);
        Assert.Equal(200, answer.Code);
        var receipts = answer.Json.EnumerateArray().Select(receipt =>
            (receipt.TryGetProperty("reason", out var reason) ? reason.GetString() : receipt.GetProperty("status").GetString())
            + (receipt.TryGetProperty("errors", out var errors) ? ":" + string.Join(',', errors.EnumerateObject().Select(error => error.Name)) : ""));
        Assert.Equal(
            ["a-1", "rejected:body", "b-2", "rejected:body", "rejected:user_id", "rejected:channel,more", "rejected:template_name", "outbox_full",
                "rejected:template_vars.x", "a-8"],
            receipts);
        Assert.All(answer.Json.EnumerateArray(), receipt => Assert.Equal("null", receipt.GetProperty("message_id").GetRawText()));
    }

    [Fact]
    public async Task Requests_of_one_user_go_in_their_order_and_users_side_by_side()
    {
        await using var api = await ApiHost.Start();
        var together = new Barriers(3);
        foreach (var user in new[] { "a", "b", "c" })
        {
            var running = 0;
            api.Grains.User(user).OnSend = async request =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                if (request.TemplateName == "0") await together.Arrive();
                else await Task.Yield();
                Interlocked.Decrement(ref running);
                return new Receipt { Status = ReceiptStatus.Skipped };
            };
        }

        var items = Enumerable.Range(0, 30).Select(at => $$"""{"user_id":"{{"abc"[at % 3]}}","template_name":"{{at / 3}}"}""");
        Assert.Equal(200, (await api.Ask("POST", Path, $"[{string.Join(',', items)}]")).Code);
        foreach (var user in new[] { "a", "b", "c" })
            Assert.Equal(Enumerable.Range(0, 10).Select(at => $"{at}"), api.Grains.User(user).Sent.Select(request => request.TemplateName));
    }

    [Fact]
    public async Task An_empty_batch_is_answered_with_nothing()
    {
        await using var api = await ApiHost.Start();
        Assert.Equal("[]", (await api.Ask("POST", Path, "[]")).Text);
    }

    [Fact]
    public async Task A_thousand_requests_are_taken_and_one_more_is_not()
    {
        await using var api = await ApiHost.Start();
        string Items(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(at => $$"""{"user_id":"u{{at}}","template_name":"t"}"""))}]";
        Assert.Equal(1000, (await api.Ask("POST", Path, Items(1000))).Json.GetArrayLength());
        Assert.Equal(["body"], (await api.Ask("POST", Path, Items(1001))).IsProblem(400).Fields);
        Assert.Equal(1000, api.Grains.Users.Count);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[{\"user_id\":\"u\",\"template_name\":\"t\"},]")]
    [InlineData("[{\"user_id\":\"u\",\"template_name\":\"t\"}")]
    public async Task What_is_no_array_is_a_400(string body)
    {
        await using var api = await ApiHost.Start();
        Assert.Equal(["body"], (await api.Ask("POST", Path, body)).IsProblem(400).Fields);
        Assert.Empty(api.Grains.Users);
    }

    [Fact]
    public async Task A_batch_may_be_eight_MiB_and_no_more()
    {
        await using var api = await ApiHost.Start();
        string Padded(int bytes) => new StringBuilder("[]").Append(' ', bytes - 2).ToString();
        Assert.Equal(200, (await api.Ask("POST", Path, Padded(8 << 20))).Code);
        (await api.Ask("POST", Path, Padded((8 << 20) + 1))).IsProblem(413);
    }

    private sealed class Barriers(int count)
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;

        public Task Arrive()
        {
            if (Interlocked.Increment(ref _arrived) == count) _all.SetResult();
            return _all.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
