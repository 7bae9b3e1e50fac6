using OrleansNotify.Sandbox;

namespace OrleansNotify.Tests.Sandbox.Smtp;

public sealed class SmtpServerFaultTests
{
    private const string Message = "A: b\r\n\r\nbody\r\n.";

    [Theory]
    [InlineData(SmtpStage.MailFrom, 250)]
    [InlineData(SmtpStage.RcptTo, 250)]
    [InlineData(SmtpStage.Data, 354)]
    [InlineData(SmtpStage.EndOfData, 250)]
    public async Task A_reply_stands_in_for_the_servers_own_once(SmtpStage stage, int usual)
    {
        await using var rig = await SmtpServerRig.Start();
        rig.Fault(stage, FaultKind.Reply, 451, "4.3.0 Not now\nReally not");
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        (SmtpStage Stage, string Line)[] steps =
        [
            (SmtpStage.MailFrom, "MAIL FROM:<a@b.example>"),
            (SmtpStage.RcptTo, "RCPT TO:<c@d.example>"),
            (SmtpStage.Data, "DATA"),
            (SmtpStage.EndOfData, Message),
        ];

        foreach (var step in steps.TakeWhile(step => step.Stage < stage)) await talk.Says(step.Line);
        Assert.Equal("451-4.3.0 Not now\n451 Really not", await talk.Says(steps.Single(step => step.Stage == stage).Line));
        Assert.Empty(rig.Mails);

        await talk.Says("RSET");
        foreach (var step in steps.TakeWhile(step => step.Stage < stage)) await talk.Says(step.Line);
        Assert.StartsWith($"{usual} ", await talk.Says(steps.Single(step => step.Stage == stage).Line));
    }

    [Fact]
    public async Task After_421_the_connection_ends()
    {
        await using var rig = await SmtpServerRig.Start();
        rig.Fault(SmtpStage.MailFrom, FaultKind.Reply, 421, "4.7.0 Leaving");
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        await talk.Sends("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n");

        await talk.Hears("421 4.7.0 Leaving");
        Assert.Equal("", await talk.Reads());
    }

    [Fact]
    public async Task A_greeting_can_be_a_refusal()
    {
        await using var rig = await SmtpServerRig.Start();
        rig.Fault(SmtpStage.Greeting, FaultKind.Reply, 554, "No service");
        using var talk = await SmtpTalk.Connect(rig.Server.Port);

        await talk.Hears("554 No service");
        Assert.Equal("", await talk.Reads());
    }

    [Fact]
    public async Task A_delay_holds_back_the_answer_but_not_those_before_it()
    {
        await using var rig = await SmtpServerRig.Start();
        rig.Fault(SmtpStage.RcptTo, FaultKind.Delay, delay: TimeSpan.FromSeconds(5));
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        await talk.Sends("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n");
        await talk.Hears("250 2.1.0");
        await rig.Clock.Armed(TimeSpan.FromSeconds(5));
        var answer = talk.Reads();
        Assert.False(answer.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.StartsWith("250 2.1.5", await answer);
    }

    [Theory]
    [InlineData(SmtpStage.Greeting)]
    [InlineData(SmtpStage.EndOfData)]
    public async Task A_server_that_hangs_never_answers_until_it_ends(SmtpStage stage)
    {
        await using var rig = await SmtpServerRig.Start();
        rig.Fault(stage, FaultKind.Hang);
        using var talk = await SmtpTalk.Connect(rig.Server.Port);
        if (stage == SmtpStage.EndOfData)
        {
            await talk.Hears("220 ");
            await talk.Says("EHLO test");
            await talk.OpensMessage("c@d.example");
        }

        await talk.Sends(Message + "\r\nNOOP\r\n");
        var answer = talk.Reads();
        Assert.Empty(rig.Mails);
        await rig.Server.DisposeAsync();

        Assert.Equal("", await answer);
        Assert.Empty(rig.Mails);
    }

    [Theory]
    [InlineData(SmtpStage.Greeting, FaultKind.DropBefore)]
    [InlineData(SmtpStage.MailFrom, FaultKind.DropBefore)]
    [InlineData(SmtpStage.RcptTo, FaultKind.DropAfter)]
    [InlineData(SmtpStage.Data, FaultKind.DropBefore)]
    [InlineData(SmtpStage.EndOfData, FaultKind.DropBefore)]
    [InlineData(SmtpStage.EndOfData, FaultKind.DropAfter)]
    public async Task A_drop_cuts_the_connection_and_only_after_the_message_it_is_delivered(SmtpStage stage, FaultKind kind)
    {
        await using var rig = await SmtpServerRig.Start();
        rig.Fault(stage, kind);
        using var talk = await SmtpTalk.Connect(rig.Server.Port);

        await talk.Sends($"EHLO test\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n{Message}\r\n");
        var answers = 0;
        while ((await talk.Reads()).Length > 0) answers++;

        Assert.InRange(answers, 0, (int)stage + 1);
        Assert.Equal(stage == SmtpStage.EndOfData && kind == FaultKind.DropAfter ? 1 : 0, rig.Mails.Length);
    }

    [Theory]
    [InlineData(SmtpStage.RcptTo)]
    [InlineData(SmtpStage.Data)]
    [InlineData(SmtpStage.EndOfData)]
    public async Task A_fault_of_one_recipient_leaves_the_others_alone(SmtpStage stage)
    {
        await using var rig = await SmtpServerRig.Start();
        rig.Fault(stage, FaultKind.Reply, 550, "5.1.1 Gone", to: "gone@d.example");
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        await talk.OpensMessage("c@d.example");
        Assert.StartsWith("250 ", await talk.Says(Message));

        await talk.Says("MAIL FROM:<a@b.example>");
        var answers = new[] { await talk.Says("RCPT TO:<gone@d.example>"), await talk.Says("DATA"), await talk.Says(Message) };

        Assert.Contains("550 5.1.1 Gone", answers);
        Assert.Single(rig.Mails);
    }

    [Fact]
    public async Task Connections_can_be_dropped_like_by_a_restart()
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        Assert.Equal((1, 1), (rig.Server.Connections, rig.Server.Accepted));

        rig.Server.DropConnections();

        Assert.Equal("", await talk.Reads());
        using var again = await SmtpTalk.Greet(rig.Server.Port);
        Assert.Equal(2, rig.Server.Accepted);
    }
}
