using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class EmailSenderTests
{
    [Fact]
    public async Task A_mail_that_the_server_takes_is_sent()
    {
        await using var rig = await EmailRig.Start();

        var outcome = await rig.Send();

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        Assert.Equal("2.0.0 Ok: queued as 1", outcome.ProviderId);
        Assert.Equal("250 2.0.0 Ok: queued as 1", outcome.Detail);
        Assert.Equal(EmailRig.To, outcome.Address);
        Assert.False(outcome.ConnectFailed);
        var mail = Assert.Single(rig.Mails);
        Assert.Equal(("alerts@notify.example", EmailRig.To), (mail.From, mail.To));
        Assert.Equal(Channel.Email, rig.Sender.Channel);
        Assert.Equal(TimeSpan.FromSeconds(120), rig.Sender.HardEnd);
    }

    [Theory]
    [InlineData(SmtpStage.Greeting, 421, "4.3.2 Come later", "Retry", "4.3.2")]
    [InlineData(SmtpStage.Greeting, 554, "No SMTP service here", "Retry", "554")]
    [InlineData(SmtpStage.MailFrom, 421, "4.7.0 Slow down", "Retry", "4.7.0")]
    [InlineData(SmtpStage.MailFrom, 451, "Try again", "Retry", "451")]
    [InlineData(SmtpStage.MailFrom, 550, "5.7.1 Sender refused", "ChannelFault", "5.7.1")]
    [InlineData(SmtpStage.MailFrom, 553, "5.1.1 No such sender", "ChannelFault", "5.1.1")]
    [InlineData(SmtpStage.MailFrom, 530, "5.7.0 Must log in", "ChannelFault", "5.7.0")]
    [InlineData(SmtpStage.RcptTo, 450, "4.2.1 Receiving too fast", "Retry", "4.2.1")]
    [InlineData(SmtpStage.RcptTo, 452, "4.2.2 Over quota", "Retry", "4.2.2")]
    [InlineData(SmtpStage.RcptTo, 421, "4.7.0 Slow down", "Retry", "4.7.0")]
    [InlineData(SmtpStage.RcptTo, 552, "5.2.2 Mailbox full", "Retry", "5.2.2")]
    [InlineData(SmtpStage.RcptTo, 550, "No such user", "Refused", "550")]
    [InlineData(SmtpStage.RcptTo, 551, "User not local", "Refused", "551")]
    [InlineData(SmtpStage.RcptTo, 553, "Mailbox name not allowed", "Refused", "553")]
    [InlineData(SmtpStage.RcptTo, 554, "Delivery error", "Refused", "554")]
    [InlineData(SmtpStage.RcptTo, 550, "5.7.1 Relay access denied", "Refused", "5.7.1")]
    [InlineData(SmtpStage.RcptTo, 550, "5.7.26 Unauthenticated mail", "Refused", "5.7.26")]
    [InlineData(SmtpStage.RcptTo, 550, "5.1.1 No such user", "AddressGone", "5.1.1")]
    [InlineData(SmtpStage.RcptTo, 550, "5.1.2 No such domain", "AddressGone", "5.1.2")]
    [InlineData(SmtpStage.RcptTo, 553, "5.1.3 Bad syntax", "AddressGone", "5.1.3")]
    [InlineData(SmtpStage.RcptTo, 551, "5.1.6 Has moved", "AddressGone", "5.1.6")]
    [InlineData(SmtpStage.RcptTo, 556, "5.1.10 Null MX", "AddressGone", "5.1.10")]
    [InlineData(SmtpStage.RcptTo, 550, "5.2.1 Disabled", "AddressGone", "5.2.1")]
    [InlineData(SmtpStage.RcptTo, 550, "5.5.0 Something", "Rejected", "5.5.0")]
    [InlineData(SmtpStage.RcptTo, 501, "Syntax error", "Rejected", "501")]
    [InlineData(SmtpStage.RcptTo, 530, "5.7.0 Must log in", "ChannelFault", "5.7.0")]
    [InlineData(SmtpStage.RcptTo, 535, "Who are you", "ChannelFault", "535")]
    [InlineData(SmtpStage.Data, 451, "4.3.0 Not now", "Retry", "4.3.0")]
    [InlineData(SmtpStage.Data, 554, "5.5.1 No valid recipients", "Refused", "5.5.1")]
    [InlineData(SmtpStage.Data, 502, "Not here", "Rejected", "502")]
    [InlineData(SmtpStage.Data, 250, "What?", "Retry", "250")]
    [InlineData(SmtpStage.EndOfData, 250, "Fine", "Sent", "")]
    [InlineData(SmtpStage.EndOfData, 251, "Forwarded", "Sent", "")]
    [InlineData(SmtpStage.EndOfData, 354, "What?", "Retry", "354")]
    [InlineData(SmtpStage.EndOfData, 421, "4.3.2 Shutting down", "Retry", "4.3.2")]
    [InlineData(SmtpStage.EndOfData, 451, "4.7.1 Greylisted", "Retry", "4.7.1")]
    [InlineData(SmtpStage.EndOfData, 530, "5.7.0 Must log in", "ChannelFault", "5.7.0")]
    [InlineData(SmtpStage.EndOfData, 550, "Not wanted", "Rejected", "550")]
    [InlineData(SmtpStage.EndOfData, 550, "5.1.1 No such user after all", "AddressGone", "5.1.1")]
    [InlineData(SmtpStage.EndOfData, 550, "5.7.1 Spam", "Refused", "5.7.1")]
    [InlineData(SmtpStage.EndOfData, 552, "5.3.4 Too big", "Rejected", "5.3.4")]
    [InlineData(SmtpStage.EndOfData, 554, "Transaction failed", "Refused", "554")]
    public async Task Every_answer_has_its_outcome(SmtpStage stage, int code, string text, string kind, string reason)
    {
        await using var rig = await EmailRig.Start();
        rig.Reply(stage, code, text);

        var outcome = await rig.Send();

        Assert.Equal((kind, reason), (outcome.Kind.ToString(), outcome.Reason));
        Assert.Equal($"{code} {text}", outcome.Detail);
        Assert.Equal(stage == SmtpStage.Greeting, outcome.ConnectFailed);
        Assert.Equal(stage == SmtpStage.RcptTo && code != 530, outcome.OfAddress);
        Assert.Equal(EmailRig.To, outcome.Address);
        Assert.Empty(rig.Mails);
    }

    [Fact]
    public async Task What_the_server_says_is_made_fit_to_be_shown()
    {
        await using var rig = await EmailRig.Start();
        rig.Reply(SmtpStage.RcptTo, 550, $"5.1.1 <BOB@mail.example>: no such \u0007 user\n5.1.1 {new string('x', 400)}");

        var outcome = await rig.Send();

        Assert.StartsWith("550 5.1.1 <***>: no such   user 5.1.1 xxx", outcome.Detail);
        Assert.Equal(300, outcome.Detail!.Length);
    }

    [Theory]
    [InlineData(SmtpStage.Greeting, true)]
    [InlineData(SmtpStage.MailFrom, false)]
    [InlineData(SmtpStage.RcptTo, false)]
    [InlineData(SmtpStage.Data, false)]
    public async Task A_connection_lost_before_the_final_dot_is_tried_again(SmtpStage stage, bool connectFailed)
    {
        await using var rig = await EmailRig.Start();
        rig.Fault(stage, FaultKind.DropBefore);

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.Retry, connectFailed), (outcome.Kind, outcome.ConnectFailed));
        Assert.Equal(connectFailed ? "connect" : "connection_lost", outcome.Reason);
        Assert.Empty(rig.Mails);
    }

    [Theory]
    [InlineData(FaultKind.DropBefore, 0)]
    [InlineData(FaultKind.DropAfter, 1)]
    public async Task A_connection_lost_after_the_final_dot_leaves_it_unknown(FaultKind kind, int taken)
    {
        await using var rig = await EmailRig.Start();
        rig.Fault(SmtpStage.EndOfData, kind);

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.Unknown, "connection_lost"), (outcome.Kind, outcome.Reason));
        Assert.Equal(taken, rig.Mails.Length);
    }

    [Theory]
    [InlineData(SmtpStage.MailFrom, "Retry")]
    [InlineData(SmtpStage.RcptTo, "Retry")]
    [InlineData(SmtpStage.Data, "Retry")]
    [InlineData(SmtpStage.EndOfData, "Unknown")]
    public async Task At_the_hard_end_the_final_dot_tells_retry_from_unknown(SmtpStage stage, string kind)
    {
        await using var rig = await EmailRig.Start();
        var silence = TimeSpan.FromHours(1);
        rig.Fault(stage, FaultKind.Delay, silence);
        using CancellationTokenSource hardEnd = new();

        var sending = rig.Send(hardEnd: hardEnd.Token);
        await rig.Clock.Armed(silence);
        await hardEnd.CancelAsync();

        var outcome = await sending;
        Assert.Equal((kind, "timeout"), (outcome.Kind.ToString(), outcome.Reason));
        Assert.Empty(rig.Mails);
    }

    [Fact]
    public async Task A_turn_that_ends_after_the_final_dot_does_not_cut_the_answer_off()
    {
        await using var rig = await EmailRig.Start();
        var look = TimeSpan.FromSeconds(50);
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, look);

        var sending = rig.Send(rig.Job(turn: TimeSpan.FromSeconds(3)));
        await rig.Clock.Armed(look);
        rig.Clock.Advance(look);

        Assert.Equal(OutcomeKind.Sent, (await sending).Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bob")]
    [InlineData("bob@mail.example\r\nRCPT TO:<eve@mail.example>")]
    public async Task An_address_that_cannot_be_one_is_gone(string? to)
    {
        await using var rig = await EmailRig.Start();

        var outcome = await rig.Send(rig.Job(to: to));

        Assert.Equal((OutcomeKind.AddressGone, "bad_address", to), (outcome.Kind, outcome.Reason, outcome.Address));
        Assert.Equal(0, rig.Server.Accepted);
    }

    [Fact]
    public async Task A_template_beyond_its_bounds_is_rejected()
    {
        await using var rig = await EmailRig.Start();

        var outcome = await rig.Send(rig.Job("endless", new { subject = "Hello", body = "", items = Enumerable.Range(0, 2000) }));

        Assert.Equal((OutcomeKind.Rejected, "template"), (outcome.Kind, outcome.Reason));
        Assert.Equal(0, rig.Server.Accepted);
    }
}
