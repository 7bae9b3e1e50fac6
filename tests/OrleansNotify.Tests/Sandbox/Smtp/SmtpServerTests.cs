using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;

namespace OrleansNotify.Tests.Sandbox.Smtp;

public sealed class SmtpServerTests
{
    [Fact]
    public async Task It_says_what_it_can()
    {
        await using var rig = await SmtpServerRig.Start(new SmtpServerOptions { MaxMessageBytes = 5000 });
        using var talk = await SmtpTalk.Connect(rig.Server.Port);
        await talk.Hears("220 sandbox.localhost ESMTP");

        var answer = await talk.Says("EHLO test");

        Assert.Equal(
            ["250-sandbox.localhost", "250-PIPELINING", "250-8BITMIME", "250-SIZE 5000", "250 ENHANCEDSTATUSCODES"],
            answer.Split('\n'));
    }

    [Fact]
    public async Task A_message_comes_in_as_it_was_before_its_way()
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        await talk.OpensMessage("c@d.example", "e@f.example");

        var answer = await talk.Says("Subject: x\r\n folded\r\n\r\nHello\r\n..\r\n...dots\r\n.");

        Assert.StartsWith("250 2.0.0 Ok: queued as ", answer);
        Assert.Equal(["c@d.example", "e@f.example"], rig.Inbox.Items.Select(mail => mail.To));
        Assert.All(rig.Inbox.Items, mail => Assert.Equal("a@b.example", ((DeliveredMail)mail).From));
        Assert.All(rig.Mails, mail => Assert.Equal("Subject: x\r\n folded\r\n\r\nHello\r\n.\r\n..dots\r\n", mail));
        Assert.StartsWith("221 ", await talk.Says("QUIT"));
        Assert.Equal("", await talk.Reads());
    }

    [Fact]
    public async Task Pipelined_commands_are_answered_in_their_order()
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        await talk.Sends("MAIL FROM:<> BODY=8BITMIME SIZE=100\r\nRCPT TO:<c@d.example>\r\nDATA\r\nA: b\r\n\r\n.\r\nNOOP\r\nQUIT\r\n");

        foreach (var start in (string[])["250 2.1.0", "250 2.1.5", "354 ", "250 2.0.0 Ok: queued", "250 2.0.0", "221 "]) await talk.Hears(start);
        Assert.Equal("A: b\r\n\r\n", Assert.Single(rig.Mails));
    }

    [Theory]
    [InlineData("FOO", "500 5.5.2")]
    [InlineData("", "500 5.5.2")]
    [InlineData("EXPN list", "502 5.5.1")]
    [InlineData("EHLO", "501 5.5.4")]
    [InlineData("RSET now", "501 5.5.4")]
    [InlineData("RSET", "250 2.0.0")]
    [InlineData("noop", "250 2.0.0")]
    [InlineData("VRFY a", "252 2.5.2")]
    [InlineData("STARTTLS", "502 5.5.1")]
    [InlineData("AUTH PLAIN", "502 5.5.1")]
    [InlineData("RCPT TO:<a@b.example>", "503 5.5.1")]
    [InlineData("DATA", "503 5.5.1")]
    [InlineData("MAIL", "501 5.1.7")]
    [InlineData("MAIL FROM:a@b.example", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@b.example", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@b.example>SIZE=1", "501 5.1.7")]
    [InlineData("MAIL FROM:<a b@c.example>", "501 5.1.7")]
    [InlineData("MAIL FROM:<A <a@c.example>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@\u00e4.example>", "501 5.1.7")]
    [InlineData("MAIL FROM:<bob>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@b.example>\rRCPT TO:<x@y.example>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@b.example> SMTPUTF8", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=x", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> BODY=BINARYMIME", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=99999999999", "552 5.3.4")]
    [InlineData("MAIL FROM:<a@b.example>", "250 2.1.0")]
    [InlineData("mail from: <a@b.example> body=7bit", "250 2.1.0")]
    public async Task A_command_gets_the_answer_of_a_real_server(string line, string answer)
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        Assert.StartsWith(answer, await talk.Says(line));
        Assert.StartsWith("250 2.0.0", await talk.Says("RSET"));
    }

    [Theory]
    [InlineData("RCPT TO:<>", "501 5.1.3")]
    [InlineData("RCPT TO:<c@d.example> NOTIFY=NEVER", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example>", "503 5.5.1")]
    [InlineData("DATA", "554 5.5.1")]
    public async Task Within_a_transaction_the_order_counts(string line, string answer)
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        await talk.Says("MAIL FROM:<a@b.example>");

        Assert.StartsWith(answer, await talk.Says(line));
    }

    [Fact]
    public async Task Mail_wants_a_hello_and_data_no_argument()
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Connect(rig.Server.Port);
        await talk.Hears("220 ");
        Assert.StartsWith("503 5.5.1", await talk.Says("MAIL FROM:<a@b.example>"));
        Assert.Equal("250 sandbox.localhost", await talk.Says("HELO test"));
        await talk.Says("MAIL FROM:<a@b.example>");
        await talk.Says("RCPT TO:<c@d.example>");
        Assert.StartsWith("501 5.5.4", await talk.Says("DATA now"));
        Assert.StartsWith("354 ", await talk.Says("DATA"));
    }

    [Theory]
    [InlineData("A: b\r\n\r\nbare\nfeed\r\n.", "550 5.5.2")]
    [InlineData("A: b\r\n\r\nsmuggled\n.\nMAIL FROM:<x@y.example>\r\n.", "550 5.5.2")]
    [InlineData("A: b\r\n\r\nsmuggled\n.\r\nMAIL FROM:<x@y.example>\r\n.", "550 5.5.2")]
    [InlineData("A: b\r\n\r\nsmuggled\r.\r\nMAIL FROM:<x@y.example>\r\n.", "550 5.5.2")]
    [InlineData("A: b\r\n\r\nbare\rreturn\r\n.", "550 5.5.2")]
    [InlineData("A: b\r\n\r\nnul\0\r\n.", "550 5.5.2")]
    [InlineData("A: b\r\n\u00e4: c\r\n\r\n.", "550 5.6.7")]
    [InlineData("no field\r\n\r\n.", "550 5.6.0")]
    [InlineData("A b: c\r\n\r\n.", "550 5.6.0")]
    [InlineData(" folded: c\r\n\r\n.", "550 5.6.0")]
    [InlineData("\r\nbody alone\r\n.", "550 5.6.0")]
    public async Task A_broken_message_is_refused_and_the_conversation_goes_on(string message, string answer)
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        await talk.OpensMessage("c@d.example");

        Assert.StartsWith(answer, await talk.Says(message));

        Assert.Empty(rig.Inbox.Items);
        Assert.StartsWith("250 2.0.0", await talk.Says("NOOP"));
    }

    [Theory]
    [InlineData(998, "250 ")]
    [InlineData(999, "500 5.5.2")]
    [InlineData(100_000, "500 5.5.2")]
    public async Task A_line_has_at_most_998_characters(int length, string answer)
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        await talk.OpensMessage("c@d.example");

        Assert.StartsWith(answer, await talk.Says($"A: b\r\n\r\n{new string('x', length)}\r\n."));
        Assert.StartsWith("250 2.0.0", await talk.Says("NOOP"));
    }

    [Fact]
    public async Task A_dot_that_doubles_does_not_make_a_line_too_long()
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        await talk.OpensMessage("c@d.example");

        Assert.StartsWith("250 ", await talk.Says($"A: b\r\n\r\n.{new string('.', 998)}\r\n."));
        Assert.EndsWith($"\r\n{new string('.', 998)}\r\n", Assert.Single(rig.Mails));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        await using var rig = await SmtpServerRig.Start(new SmtpServerOptions { MaxMessageBytes = 1000 });
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        await talk.OpensMessage("c@d.example");

        Assert.StartsWith("552 5.3.4", await talk.Says("A: b\r\n\r\n" + string.Concat(Enumerable.Repeat("0123456789\r\n", 200)) + "."));
        Assert.StartsWith("250 2.0.0", await talk.Says("NOOP"));
    }

    [Fact]
    public async Task A_command_line_over_the_limit_is_an_error_and_no_more()
    {
        await using var rig = await SmtpServerRig.Start();
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        Assert.StartsWith("500 ", await talk.Says("NOOP " + new string('x', 3000)));
        Assert.StartsWith("500 ", await talk.Says("NOOP " + new string('x', 300_000)));
        Assert.StartsWith("250 ", await talk.Says("NOOP"));
    }

    [Fact]
    public async Task Recipients_errors_and_connections_are_bounded()
    {
        await using var rig = await SmtpServerRig.Start(new SmtpServerOptions { MaxRecipients = 2, MaxErrors = 3, MaxConnections = 1 });
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        using var second = await SmtpTalk.Connect(rig.Server.Port);
        await second.Hears("421 4.7.0");
        Assert.Equal("", await second.Reads());

        await talk.Says("MAIL FROM:<a@b.example>");
        await talk.Says("RCPT TO:<c@d.example>");
        await talk.Says("RCPT TO:<e@d.example>");
        Assert.StartsWith("452 4.5.3", await talk.Says("RCPT TO:<f@d.example>"));
        await talk.Says("FOO");
        Assert.StartsWith("421 4.7.0", await talk.Says("BAR"));
        Assert.Equal("", await talk.Reads());
    }

    [Fact]
    public async Task A_cut_in_the_middle_of_a_message_delivers_nothing()
    {
        await using var rig = await SmtpServerRig.Start();
        var talk = await SmtpTalk.Greet(rig.Server.Port);
        await talk.OpensMessage("c@d.example");
        await talk.Sends("A: b\r\n\r\nhalf a message\r\n");
        talk.Dispose();

        await rig.Server.DisposeAsync();

        Assert.Equal(0, rig.Server.Connections);
        Assert.Empty(rig.Inbox.Items);
    }
}
