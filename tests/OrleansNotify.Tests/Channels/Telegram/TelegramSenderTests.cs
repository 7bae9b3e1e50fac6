using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Telegram;
using OrleansNotify.Tests.Channels.Http;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Channels.Telegram;

public sealed class TelegramSenderTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_text_that_the_bot_api_takes_is_sent()
    {
        await using var rig = await TelegramRig.Start();

        var outcome = await rig.Send();

        var message = Assert.Single(rig.Chat);
        Assert.Equal((OutcomeKind.Sent, $"{message.MessageId}", false), (outcome.Kind, outcome.ProviderId, outcome.SpeaksOf == SpeaksOf.Channel));
        Assert.Equal(Given.Chat, message.To);
        Assert.Contains("EURUSD rose above 1.1", message.PlainText, StringComparison.Ordinal);
        Assert.Equal((Channel.Telegram, TimeSpan.FromSeconds(30)), (rig.Sender.Channel, rig.Sender.HardEnd));
    }

    [Theory]
    [InlineData(ChatState.Blocked, "blocked")]
    [InlineData(ChatState.Deactivated, "deactivated")]
    [InlineData(ChatState.Kicked, "kicked")]
    public async Task A_chat_that_takes_no_messages_is_gone(ChatState state, string reason)
    {
        await using var rig = await TelegramRig.Start();
        rig.Sandbox.Chats.Mark(Given.Chat, state);

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.AddressGone, reason), (outcome.Kind, outcome.Reason));
        Assert.Empty(rig.Chat);
    }

    [Fact]
    public async Task A_group_that_moved_is_tried_again_at_once_at_its_new_id()
    {
        await using var rig = await TelegramRig.Start();
        rig.Sandbox.Chats.Move("-77", -1001234567890);

        var outcome = await rig.Send(rig.Job(chat: "-77"));

        Assert.Equal((OutcomeKind.Busy, "migrated"), (outcome.Kind, outcome.Reason));
        Assert.Equal((TimeSpan.Zero, "-1001234567890"), (outcome.RetryAfter, outcome.NewChatId));
        Assert.Equal(OutcomeKind.Sent, (await rig.Send(rig.Job(chat: outcome.NewChatId!))).Kind);
    }

    /// <summary>What the Bot API, or something on the way to it, answers.</summary>
    public static TheoryData<int, string?, int?, string, string> Answers => new()
    {
        { 429, null, 7, "Busy", "429" },
        { 429, "<html>slow down</html>", null, "Busy", "429" },
        { 400, Error(400, "Bad Request: can't parse entities: character '.' is reserved"), null, "Rejected", "cant_parse" },
        { 400, Error(400, "Bad Request: message is too long"), null, "Rejected", "too_long" },
        { 400, Error(400, "Bad Request: something new"), null, "Retry", "unlisted" },
        { 403, null, null, "AddressGone", "blocked" },
        { 400, null, null, "Refused", "chat_not_found" },
        { 400, Error(400, "Bad Request: not enough rights to send text messages to the chat"), null, "Rejected", "rights" },
        { 401, null, null, "ChannelFault", "401" },
        { 404, null, null, "ChannelFault", "404" },
        { 409, Error(409, "Conflict"), null, "Retry", "unlisted" },
        { 500, null, null, "Retry", "5xx" },
        { 502, null, null, "Retry", "5xx" },
        { 503, "<html>maintenance</html>", null, "Retry", "5xx" },
        { 503, "<html>maintenance</html>", 20, "Busy", "5xx" },
        { 500, Error(500, "Internal Server Error"), 20, "Busy", "5xx" },
        { 429, Error(429, "Too Many Requests: retry after 7"), 7, "Busy", "429" },
        { 429, """{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":99999999999}}""", 7, "Busy", "429" },
        { 429, """{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":"soon"}}""", null, "Busy", "429" },
        { 403, "<html>a firewall</html>", null, "Retry", "unlisted" },
        { 404, "not JSON", null, "Retry", "unlisted" },
        { 200, "<html>log in to the WLAN</html>", null, "Unknown", "unreadable" },
        { 200, "", null, "Unknown", "unreadable" },
        { 200, """{"ok":true,"result":{"message_id":1""", null, "Unknown", "unreadable" },
        { 200, """{"ok":true,"result":{}}""", null, "Unknown", "unreadable" },
        { 200, """{"ok":true,"result":true}""", null, "Unknown", "unreadable" },
        { 200, """{"ok":true}""", null, "Unknown", "unreadable" },
        { 200, "[]", null, "Unknown", "unreadable" },
        { 200, Error(400, "Bad Request: chat not found"), null, "Unknown", "unreadable" },
        { 202, "queued", null, "Unknown", "unreadable" },
        { 400, Error(400, $"Bad Request: see /bot{TelegramRig.Token}/sendMessage or {TelegramRig.Secret.ToUpperInvariant()}"), null, "Retry", "unlisted" },
        { 500, $"<html>/bot{TelegramRig.Token}/sendMessage failed</html>", null, "Retry", "5xx" },
        { 302, $"<html>/bot{TelegramRig.Token}/sendMessage moved</html>", null, "Retry", "unlisted" },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task Every_answer_has_its_outcome(int status, string? text, int? retryAfter, string kind, string reason)
    {
        await using var rig = await TelegramRig.Start();
        rig.Fault(FaultKind.Reply, status, text, retryAfter);

        var outcome = await rig.Send();

        Assert.Equal((kind, reason), (outcome.Kind.ToString(), outcome.Reason));
        Assert.Equal(retryAfter, outcome.RetryAfter?.TotalSeconds);
        Assert.Contains($"{status}", outcome.Detail, StringComparison.Ordinal);
        Assert.Empty(rig.Chat);
        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);
    }

    [Fact]
    public async Task A_token_that_the_bot_api_does_not_know_is_a_fault_of_the_channel()
    {
        await using var rig = await TelegramRig.Start(token: $"1:not{TelegramRig.Secret}");

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.ChannelFault, "401", "401 Unauthorized"), (outcome.Kind, outcome.Reason, outcome.Detail));
    }

    [Theory]
    [InlineData(FaultKind.DropBefore, 0)]
    [InlineData(FaultKind.DropAfter, 1)]
    public async Task A_connection_cut_after_the_request_leaves_it_unknown(FaultKind kind, int taken)
    {
        await using var rig = await TelegramRig.Start();
        rig.Fault(kind);

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.Unknown, "cut", false), (outcome.Kind, outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
        Assert.Equal(taken, rig.Chat.Length);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":true")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100\r\n\r\n<html>")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task Half_a_reply_leaves_it_unknown(string half)
    {
        await using RawServer server = new(half);
        await using var rig = await TelegramRig.Start(server.Url);

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.Unknown, "cut", false), (outcome.Kind, outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
        Assert.StartsWith($"POST /bot", await server.Request(), StringComparison.Ordinal);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task At_the_hard_end_a_silent_bot_api_leaves_it_unknown()
    {
        await using var rig = await TelegramRig.Start();
        rig.Fault(FaultKind.Delay, delay: Silence);
        using CancellationTokenSource hardEnd = new();

        var sending = rig.Send(hardEnd: hardEnd.Token);
        await rig.Clock.Armed(Silence);
        await hardEnd.CancelAsync();

        var outcome = await sending;
        Assert.Equal((OutcomeKind.Unknown, "timeout"), (outcome.Kind, outcome.Reason));
        Assert.Empty(rig.Chat);
    }

    [Fact]
    public async Task At_the_hard_end_half_a_reply_leaves_it_unknown()
    {
        await using RawServer server = new("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":true", hangs: true);
        await using var rig = await TelegramRig.Start(server.Url);
        using CancellationTokenSource hardEnd = new();

        var sending = rig.Send(hardEnd: hardEnd.Token);
        await server.Request();
        await hardEnd.CancelAsync();

        var outcome = await sending;
        Assert.Equal((OutcomeKind.Unknown, "timeout"), (outcome.Kind, outcome.Reason));
    }

    [Fact]
    public async Task Nobody_there_is_a_retry_that_blames_nobody()
    {
        await using var rig = await TelegramRig.Start($"http://127.0.0.1:{FreePort.Find()}");

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.Retry, "connect", true), (outcome.Kind, outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
    }

    [Fact]
    public async Task A_hard_end_that_came_before_the_request_sends_nothing()
    {
        await using var rig = await TelegramRig.Start();

        var outcome = await rig.Send(hardEnd: new CancellationToken(canceled: true));

        Assert.Equal((OutcomeKind.Retry, "timeout"), (outcome.Kind, outcome.Reason));
        Assert.Empty(rig.Chat);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_turn_that_is_over_sends_nothing(bool connected)
    {
        await using var rig = await TelegramRig.Start();
        if (connected) await rig.Send();
        Turn turn = new(rig.Clock, TimeSpan.FromMilliseconds(50));
        rig.Clock.Advance(TimeSpan.FromMilliseconds(50));

        var outcome = await rig.Send(rig.Job(turn));

        Assert.Equal((OutcomeKind.Withdrawn, false), (outcome.Kind, outcome.SpeaksOf == SpeaksOf.Channel));
        Assert.Equal(connected ? 1 : 0, rig.Chat.Length);
        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);
    }

    [Fact]
    public async Task A_turn_within_which_the_request_is_written_may_be_over_when_the_answer_comes()
    {
        await using var rig = await TelegramRig.Start();
        rig.Fault(FaultKind.Delay, delay: Silence);

        var sending = rig.Send(rig.Job(new Turn(rig.Clock, TimeSpan.FromMilliseconds(50))));
        await rig.Clock.Armed(Silence);
        rig.Clock.Advance(Silence);

        Assert.Equal(OutcomeKind.Sent, (await sending).Kind);
    }

    [Fact]
    public async Task A_template_beyond_its_bounds_is_rejected()
    {
        await using var rig = await TelegramRig.Start();

        var outcome = await rig.Send(rig.Job() with { Template = EndlessTemplate.Value, Vars = EndlessTemplate.TooMany });

        Assert.Equal((OutcomeKind.Rejected, "template"), (outcome.Kind, outcome.Reason));
        Assert.NotEmpty(outcome.Detail!);
        Assert.Empty(rig.Chat);
    }

    private static string Error(int code, string description) => $$"""{"ok":false,"error_code":{{code}},"description":"{{description}}"}""";
}
