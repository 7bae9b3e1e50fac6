using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class EmailSenderTests
{
    private static readonly Dictionary<SmtpStage, MailStage> s_asked = new()
    {
        [SmtpStage.Greeting] = MailStage.Connect,
        [SmtpStage.MailFrom] = MailStage.Sender,
        [SmtpStage.RcptTo] = MailStage.Recipient,
        [SmtpStage.Data] = MailStage.Data,
        [SmtpStage.EndOfData] = MailStage.End,
    };

    [Fact]
    public async Task A_mail_that_the_server_takes_is_sent()
    {
        await using var rig = await EmailRig.Start();

        var outcome = await rig.Send();

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        Assert.Equal("2.0.0 Ok: queued as 1", outcome.ProviderId);
        Assert.Equal("250 2.0.0 Ok: queued as 1", outcome.Detail);
        Assert.Equal(EmailRig.To, outcome.Address);
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
    [InlineData(SmtpStage.RcptTo, 450, "4.2.1 Receiving too fast", "Busy", "4.2.1")]
    [InlineData(SmtpStage.RcptTo, 452, "4.2.2 Over quota", "Busy", "4.2.2")]
    [InlineData(SmtpStage.RcptTo, 421, "4.7.0 Slow down", "Busy", "4.7.0")]
    [InlineData(SmtpStage.RcptTo, 552, "5.2.2 Mailbox full", "Busy", "5.2.2")]
    [InlineData(SmtpStage.RcptTo, 550, "No such user", "Refused", "550")]
    [InlineData(SmtpStage.RcptTo, 551, "User not local", "Refused", "551")]
    [InlineData(SmtpStage.RcptTo, 553, "Mailbox name not allowed", "Refused", "553")]
    [InlineData(SmtpStage.RcptTo, 554, "Delivery error", "Refused", "554")]
    [InlineData(SmtpStage.RcptTo, 550, "5.7.1 Relay access denied", "Refused", "5.7.1")]
    [InlineData(SmtpStage.RcptTo, 550, "5.7.26 Unauthenticated mail", "Refused", "5.7.26")]
    [InlineData(SmtpStage.RcptTo, 550, "5.1.1 No such user", "Refused", "5.1.1")]
    [InlineData(SmtpStage.RcptTo, 550, "5.1.2 No such domain", "Refused", "5.1.2")]
    [InlineData(SmtpStage.RcptTo, 553, "5.1.3 Bad syntax", "Refused", "5.1.3")]
    [InlineData(SmtpStage.RcptTo, 551, "5.1.6 Has moved", "Refused", "5.1.6")]
    [InlineData(SmtpStage.RcptTo, 556, "5.1.10 Null MX", "Refused", "5.1.10")]
    [InlineData(SmtpStage.RcptTo, 550, "5.2.1 Disabled", "Refused", "5.2.1")]
    [InlineData(SmtpStage.RcptTo, 550, "5.2.1 The user is receiving mail at a rate that\n5.2.1 prevents additional messages", "Busy", "5.2.1")]
    [InlineData(SmtpStage.RcptTo, 504, "5.5.2 <vm>: Helo command rejected: need fully-qualified hostname", "ChannelFault", "5.5.2")]
    [InlineData(SmtpStage.RcptTo, 354, "What?", "Retry", "354")]
    [InlineData(SmtpStage.RcptTo, 521, "Takes no mail", "Refused", "521")]
    [InlineData(SmtpStage.RcptTo, 541, "Not this", "Refused", "541")]
    [InlineData(SmtpStage.RcptTo, 555, "What parameter", "Refused", "555")]
    [InlineData(SmtpStage.RcptTo, 556, "Takes no mail", "Refused", "556")]
    [InlineData(SmtpStage.RcptTo, 550, "5.5.0 Something", "Refused", "5.5.0")]
    [InlineData(SmtpStage.RcptTo, 501, "Syntax error", "Refused", "501")]
    [InlineData(SmtpStage.RcptTo, 530, "5.7.0 Must log in", "ChannelFault", "5.7.0")]
    [InlineData(SmtpStage.RcptTo, 535, "Who are you", "ChannelFault", "535")]
    [InlineData(SmtpStage.Data, 451, "4.3.0 Not now", "Busy", "4.3.0")]
    [InlineData(SmtpStage.Data, 554, "5.5.1 No valid recipients", "Refused", "5.5.1")]
    [InlineData(SmtpStage.Data, 502, "Not here", "Refused", "502")]
    [InlineData(SmtpStage.Data, 250, "What?", "Retry", "250")]
    [InlineData(SmtpStage.EndOfData, 250, "Fine", "Sent", "")]
    [InlineData(SmtpStage.EndOfData, 251, "Forwarded", "Sent", "")]
    [InlineData(SmtpStage.EndOfData, 354, "What?", "Retry", "354")]
    [InlineData(SmtpStage.EndOfData, 421, "4.3.2 Shutting down", "Busy", "4.3.2")]
    [InlineData(SmtpStage.EndOfData, 451, "4.7.1 Greylisted", "Busy", "4.7.1")]
    [InlineData(SmtpStage.EndOfData, 530, "5.7.0 Must log in", "ChannelFault", "5.7.0")]
    [InlineData(SmtpStage.EndOfData, 550, "Not wanted", "Refused", "550")]
    [InlineData(SmtpStage.EndOfData, 550, "5.1.1 No such user after all", "Refused", "5.1.1")]
    [InlineData(SmtpStage.EndOfData, 550, "5.7.1 Spam", "Refused", "5.7.1")]
    [InlineData(SmtpStage.EndOfData, 550, "5.4.5 Daily user sending limit exceeded", "ChannelFault", "5.4.5")]
    [InlineData(SmtpStage.EndOfData, 454, "Throttling failure: Maximum sending rate exceeded", "ChannelFault", "454")]
    [InlineData(SmtpStage.EndOfData, 552, "5.3.4 Too big", "Rejected", "5.3.4")]
    [InlineData(SmtpStage.EndOfData, 554, "Transaction failed", "Refused", "554")]
    public async Task Every_answer_has_its_outcome(SmtpStage stage, int code, string text, string kind, string reason)
    {
        await using var rig = await EmailRig.Start();
        rig.Reply(stage, code, text);

        var outcome = await rig.Send();

        Assert.Equal((kind, reason), (outcome.Kind.ToString(), outcome.Reason));
        Assert.Equal($"{code} {text.ReplaceLineEndings(" ")}", outcome.Detail);
        Assert.Equal(SmtpVerdict.Of(s_asked[stage], code, text, EmailRig.To) with { Address = EmailRig.To }, outcome);
        Assert.Empty(rig.Mails);
    }

    [Theory]
    [InlineData(251)]
    [InlineData(252)]
    public async Task A_recipient_that_is_taken_with_another_word_than_250_is_taken(int code)
    {
        await using var rig = await EmailRig.Start();
        using ScriptedServer server = new();
        await using var sender = rig.NewSender(server.Port);
        var sending = sender.Send(rig.Job(), TestContext.Current.CancellationToken);
        using var conversation = await server.Greet();
        await conversation.Hears("MAIL FROM:");
        await conversation.Says("250 ok");
        await conversation.Hears("RCPT TO:");
        await conversation.Says($"{code} will forward, or will try");
        await conversation.Hears("DATA");
        await conversation.Says("354 go on");
        await conversation.HearsMessage();
        await conversation.Says("250 taken");

        Assert.Equal(OutcomeKind.Sent, (await sending).Kind);
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

        Assert.Equal(OutcomeKind.Retry, outcome.Kind);
        Assert.Equal(connectFailed ? "connect" : "connection_lost", outcome.Reason);
        Assert.Equal((stage <= SmtpStage.MailFrom ? SpeaksOf.Channel : SpeaksOf.Either, false), (outcome.SpeaksOf, outcome.Answered));
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

        Assert.Equal((OutcomeKind.Unknown, "connection_lost", SpeaksOf.Either), (outcome.Kind, outcome.Reason, outcome.SpeaksOf));
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

        Assert.Equal((OutcomeKind.AddressGone, "bad_address", to, SpeaksOf.Recipient), (outcome.Kind, outcome.Reason, outcome.Address, outcome.SpeaksOf));
        Assert.Equal(0, rig.Server.Accepted);
    }

    [Fact]
    public async Task A_template_beyond_its_bounds_is_rejected()
    {
        await using var rig = await EmailRig.Start();

        var outcome = await rig.Send(rig.Job("endless", new { subject = "Hello", body = "", items = Enumerable.Range(0, 2000) }));

        Assert.Equal((OutcomeKind.Rejected, "template", SpeaksOf.Recipient), (outcome.Kind, outcome.Reason, outcome.SpeaksOf));
        Assert.Equal(0, rig.Server.Accepted);
    }
}
