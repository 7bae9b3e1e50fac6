using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class SmtpPoolTests
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_serves_one_mail_after_another()
    {
        await using var rig = await EmailRig.Start();

        for (var i = 0; i < 5; i++) Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);

        Assert.Equal(1, rig.Server.Accepted);
        Assert.Equal(5, rig.Mails.Length);
    }

    [Fact]
    public async Task After_100_mails_a_new_one_is_made()
    {
        await using var rig = await EmailRig.Start();

        for (var i = 0; i < 100; i++) await rig.Send();
        Assert.Equal(1, rig.Server.Accepted);

        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);
        Assert.Equal(2, rig.Server.Accepted);
    }

    [Theory]
    [InlineData(SmtpStage.RcptTo, 550, "5.1.1 No such user", 1)]
    [InlineData(SmtpStage.MailFrom, 451, "Not now", 1)]
    [InlineData(SmtpStage.Data, 451, "Not now", 1)]
    [InlineData(SmtpStage.EndOfData, 554, "5.7.1 Spam", 1)]
    [InlineData(SmtpStage.RcptTo, 421, "4.7.0 Leaving", 2)]
    [InlineData(SmtpStage.EndOfData, 421, "4.7.0 Leaving", 2)]
    public async Task A_refused_mail_leaves_the_connection_as_it_was_but_421_ends_it(SmtpStage stage, int code, string text, int connections)
    {
        await using var rig = await EmailRig.Start();
        rig.Reply(stage, code, text);

        Assert.NotEqual(OutcomeKind.Sent, (await rig.Send()).Kind);
        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);

        Assert.Equal(connections, rig.Server.Accepted);
        Assert.Single(rig.Mails);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("421 4.7.0 Too many errors")]
    [InlineData("500 What?")]
    public async Task A_server_that_leaves_after_a_refusal_takes_no_mail_with_it(string? toReset)
    {
        using ScriptedServer server = new();
        await using var rig = await EmailRig.Start();
        await using var sender = rig.NewSender(server.Port);
        var sending = sender.Send(rig.Job(), Cancellation);
        using (var conversation = await server.Greet())
        {
            await conversation.Hears("MAIL FROM:");
            await conversation.Says("250 ok");
            await conversation.Hears("RCPT TO:");
            await conversation.Says("550 5.1.1 no such user");
            await conversation.Hears("RSET");
            if (toReset is not null) await conversation.Says(toReset);
        }

        Assert.Equal((OutcomeKind.Refused, "5.1.1"), ((await sending).Kind, (await sending).Reason));
        var next = sender.Send(rig.Job(), Cancellation);
        using var another = await Take(server);
        Assert.Equal(OutcomeKind.Sent, (await next).Kind);
    }

    [Theory]
    [InlineData(SmtpStage.RcptTo)]
    [InlineData(SmtpStage.EndOfData)]
    public async Task A_lost_connection_is_not_used_again(SmtpStage stage)
    {
        await using var rig = await EmailRig.Start();
        rig.Fault(stage, FaultKind.DropBefore);

        Assert.NotEqual(OutcomeKind.Sent, (await rig.Send()).Kind);
        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);

        Assert.Equal(2, rig.Server.Accepted);
    }

    [Fact]
    public async Task A_server_that_was_restarted_is_found_again_within_the_attempt()
    {
        await using var rig = await EmailRig.Start();
        await rig.Send();
        rig.Server.DropConnections();

        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);

        Assert.Equal(2, rig.Server.Accepted);
    }

    [Fact]
    public async Task An_idle_connection_that_dies_at_its_first_word_is_replaced_within_the_attempt()
    {
        await using var rig = await EmailRig.Start();
        await rig.Send();
        rig.Fault(SmtpStage.MailFrom, FaultKind.DropBefore);

        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);

        Assert.Equal(2, rig.Server.Accepted);
        Assert.Equal(2, rig.Mails.Length);
    }

    [Fact]
    public async Task With_one_dead_connection_the_other_idle_ones_are_given_up_too()
    {
        await using var rig = await EmailRig.Start();
        var together = TimeSpan.FromMinutes(1);
        rig.Fault(SmtpStage.RcptTo, FaultKind.Delay, together, times: 2);
        var both = Task.WhenAll(rig.Send(), rig.Send());
        await rig.Clock.Armed(together, times: 2);
        rig.Clock.Advance(together);
        await both;
        Assert.Equal(2, rig.Server.Accepted);
        rig.Fault(SmtpStage.MailFrom, FaultKind.DropBefore);

        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);

        Assert.Equal(3, rig.Server.Accepted);
    }

    [Fact]
    public async Task A_replacement_begins_no_later_than_the_turn_allows()
    {
        await using var rig = await EmailRig.Start();
        await rig.Send();
        rig.Fault(SmtpStage.MailFrom, FaultKind.DropBefore);
        rig.Fault(SmtpStage.Greeting, FaultKind.Delay, TimeSpan.FromSeconds(6));

        var sending = rig.Send(rig.Job(turn: Turn));
        await rig.Clock.Armed(TimeSpan.FromSeconds(6));
        rig.Clock.Advance(Turn);

        Assert.Equal(OutcomeKind.Withdrawn, (await sending).Kind);
        Assert.Single(rig.Mails);
    }

    [Fact]
    public async Task A_slow_greeting_is_waited_for_beyond_the_turn_and_serves_the_next()
    {
        await using var rig = await EmailRig.Start();
        rig.Fault(SmtpStage.Greeting, FaultKind.Delay, TimeSpan.FromSeconds(6));

        var first = rig.Send(rig.Job(turn: Turn));
        await rig.Clock.Armed(TimeSpan.FromSeconds(6));
        rig.Clock.Advance(Turn);
        Assert.Equal(OutcomeKind.Withdrawn, (await first).Kind);

        var second = rig.Send(rig.Job(turn: Turn * 2));
        await rig.Clock.Armed(Turn * 2);
        rig.Clock.Advance(Turn);
        Assert.Equal(OutcomeKind.Sent, (await second).Kind);

        Assert.Equal(1, rig.Server.Accepted);
        Assert.Single(rig.Mails);
    }

    [Fact]
    public async Task A_turn_that_is_over_writes_nothing_and_gives_the_connection_back()
    {
        await using var rig = await EmailRig.Start();
        await rig.Send();
        var late = rig.Job(turn: Turn);
        rig.Clock.Advance(Turn);

        Assert.Equal(OutcomeKind.Withdrawn, (await rig.Send(late)).Kind);
        Assert.Equal(OutcomeKind.Sent, (await rig.Send(rig.Job(turn: Turn))).Kind);

        Assert.Equal(1, rig.Server.Accepted);
        Assert.Equal(2, rig.Mails.Length);
    }

    [Fact]
    public async Task There_are_never_more_connections_than_allowed()
    {
        await using var rig = await EmailRig.Start(with: options => options with { MaxConnections = 2 });
        var busy = TimeSpan.FromMinutes(1);
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, busy, times: 2);

        var sending = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rig.Send()));
        await rig.Clock.Armed(busy, times: 2);
        Assert.Equal(2, rig.Server.Accepted);
        rig.Clock.Advance(busy);

        Assert.All(await sending, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        Assert.Equal(2, rig.Server.Accepted);
        Assert.Equal(20, rig.Mails.Length);
    }

    [Fact]
    public async Task Who_waits_for_a_connection_gets_a_new_one_when_one_is_lost()
    {
        await using var rig = await EmailRig.Start(with: options => options with { MaxConnections = 1 });
        var busy = TimeSpan.FromMinutes(1);
        rig.Fault(SmtpStage.RcptTo, FaultKind.Delay, busy);
        rig.Reply(SmtpStage.Data, 421, "4.7.0 Leaving");
        var first = rig.Send();
        await rig.Clock.Armed(busy);
        var second = rig.Send();

        rig.Clock.Advance(busy);

        Assert.Equal(OutcomeKind.Busy, (await first).Kind);
        Assert.Equal(OutcomeKind.Sent, (await second).Kind);
        Assert.Equal(2, rig.Server.Accepted);
    }

    [Fact]
    public async Task At_the_hard_end_nobody_waits_for_a_connection_any_more()
    {
        await using var rig = await EmailRig.Start(with: options => options with { MaxConnections = 1 });
        var busy = TimeSpan.FromMinutes(1);
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, busy);
        var first = rig.Send();
        await rig.Clock.Armed(busy);

        var second = await rig.Send(hardEnd: new CancellationToken(canceled: true));

        Assert.Equal(OutcomeKind.Withdrawn, second.Kind);
        rig.Clock.Advance(busy);
        Assert.Equal(OutcomeKind.Sent, (await first).Kind);
    }

    [Fact]
    public async Task A_server_that_is_not_there_fails_every_attempt_and_is_logged_once()
    {
        await using var rig = await EmailRig.Start();
        var port = rig.Server.Port;
        await rig.Server.DisposeAsync();

        for (var i = 0; i < 3; i++)
        {
            var outcome = await rig.Send();
            Assert.Equal((OutcomeKind.Retry, "connect", true), (outcome.Kind, outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
        }

        Assert.StartsWith($"Warning: The SMTP server 127.0.0.1:{port} cannot be used: Connection refused", await rig.Logged());
        await using var again = await OrleansNotify.Sandbox.Smtp.SandboxSmtpServer.StartAsync(new() { Port = port }, rig.Inbox, rig.Faults, rig.Clock);
        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);
        Assert.Equal($"Information: The SMTP server 127.0.0.1:{port} can be used again", await rig.Logged());
    }

    [Fact]
    public async Task More_who_wait_than_connections_are_each_told_of_a_connect_of_their_own()
    {
        await using var rig = await EmailRig.Start(with: options => options with { MaxConnections = 2 });
        rig.Reply(SmtpStage.Greeting, 421, "4.3.2 Busy", times: 10);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rig.Send()));

        Assert.All(outcomes, outcome => Assert.Equal((OutcomeKind.Retry, true), (outcome.Kind, outcome.SpeaksOf == SpeaksOf.Channel)));
        Assert.Equal(10, rig.Server.Accepted);
    }

    [Fact]
    public async Task A_failure_to_connect_that_outlasts_every_turn_is_told_to_the_next()
    {
        await using var rig = await EmailRig.Start();
        await WithdrawBeforeTheGreeting(rig);

        rig.Clock.Advance(Patience - Turn);
        Assert.StartsWith("Warning: ", await rig.Logged());
        var told = await rig.Send(rig.Job(turn: Turn));

        Assert.Equal((OutcomeKind.Retry, "timeout", true), (told.Kind, told.Reason, told.SpeaksOf == SpeaksOf.Channel));
        Assert.Equal(1, rig.Server.Accepted);

        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);
        Assert.Equal(2, rig.Server.Accepted);
    }

    [Fact]
    public async Task An_old_failure_to_connect_is_no_news()
    {
        await using var rig = await EmailRig.Start();
        await WithdrawBeforeTheGreeting(rig);
        rig.Clock.Advance(Patience - Turn);
        await rig.Logged();
        rig.Clock.Advance(Patience);

        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);
    }

    [Fact]
    public async Task Idle_connections_are_left_after_a_minute()
    {
        using ScriptedServer server = new();
        await using var rig = await EmailRig.Start();
        await using var sender = rig.NewSender(server.Port);
        var sending = sender.Send(rig.Job(), Cancellation);
        using var conversation = await Take(server);
        Assert.Equal(OutcomeKind.Sent, (await sending).Kind);

        rig.Clock.Advance(TimeSpan.FromSeconds(45));
        rig.Clock.Advance(TimeSpan.FromSeconds(15));

        await conversation.Hears("QUIT");
        await conversation.Says("221 bye");
        await conversation.HearsTheEnd();
    }

    [Fact]
    public async Task A_closed_pool_takes_leave_of_its_connections_and_keeps_none_that_comes_back()
    {
        using ScriptedServer server = new();
        await using var rig = await EmailRig.Start();
        var sender = rig.NewSender(server.Port, options => options with { MaxConnections = 2 });
        var first = sender.Send(rig.Job(), Cancellation);
        using var idle = await server.Greet();
        // Before the other one is there, so that each has the connection it is named for.
        await Answer(idle);
        var second = sender.Send(rig.Job(), Cancellation);
        using var busy = await server.Greet();
        await Answer(busy);

        await sender.DisposeAsync();
        await idle.Says("250 taken");
        Assert.Equal(OutcomeKind.Sent, (await first).Kind);
        await idle.Hears("QUIT");
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await idle.HearsTheEnd();
        busy.Dispose();
        Assert.Equal(OutcomeKind.Unknown, (await second).Kind);
    }

    private static async Task WithdrawBeforeTheGreeting(EmailRig rig)
    {
        var silence = TimeSpan.FromHours(1);
        rig.Fault(SmtpStage.Greeting, FaultKind.Delay, silence);
        var sending = rig.Send(rig.Job(turn: Turn));
        await rig.Clock.Armed(Turn);
        await rig.Clock.Armed(Patience);
        // This connection is the one that is not greeted, not the next.
        await rig.Clock.Armed(silence);
        rig.Clock.Advance(Turn);
        Assert.Equal(OutcomeKind.Withdrawn, (await sending).Kind);
    }

    private static async Task<ScriptedServer.Conversation> Take(ScriptedServer server)
    {
        var conversation = await server.Greet();
        await Answer(conversation);
        await conversation.Says("250 taken");
        return conversation;
    }

    private static async Task Answer(ScriptedServer.Conversation conversation)
    {
        await conversation.Hears("MAIL FROM:<alerts@notify.example>");
        await conversation.Says("250 ok");
        await conversation.Hears("RCPT TO:<bob@mail.example>");
        await conversation.Says("250 ok");
        await conversation.Hears("DATA");
        await conversation.Says("354 go on");
        await conversation.HearsMessage();
    }
}
