using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class SmtpVerdictTests
{
    [Theory]
    [InlineData("Connect", 550, "5.1.1 x", "Retry")]
    [InlineData("Connect", 530, "x", "ChannelFault")]
    [InlineData("Login", 454, "4.7.0 x", "Retry")]
    [InlineData("Login", 535, "5.7.8 x", "ChannelFault")]
    [InlineData("Login", 501, "x", "ChannelFault")]
    [InlineData("Sender", 552, "5.2.2 x", "ChannelFault")]
    [InlineData("Recipient", 529, "x", "Refused")]
    [InlineData("Recipient", 539, "x", "ChannelFault")]
    [InlineData("Recipient", 540, "x", "Refused")]
    [InlineData("Recipient", 550, "4.1.1 contradicts itself", "Refused")]
    [InlineData("Recipient", 550, "5.1.99 beyond the registry", "Refused")]
    [InlineData("Recipient", 550, "5.9.1 beyond the registry", "Refused")]
    [InlineData("Recipient", 550, "5.1.1.1 no such code", "Refused")]
    [InlineData("Recipient", 550, "5.1.1000 no such code", "Refused")]
    [InlineData("Recipient", 550, "see 5.1.1", "Refused")]
    [InlineData("Recipient", 550, " 5.1.1", "Refused")]
    [InlineData("Recipient", 554, "5.1.1 x", "Refused")]
    [InlineData("Recipient", 554, "5.2.2 x", "Busy")]
    [InlineData("Recipient", 550, "5.1.4 ambiguous", "Refused")]
    [InlineData("Recipient", 550, "5.2.3 too long", "Rejected")]
    [InlineData("Recipient", 600, "x", "Retry")]
    [InlineData("Data", 550, "x", "Refused")]
    [InlineData("End", 551, "x", "Refused")]
    [InlineData("End", 553, "x", "Refused")]
    [InlineData("End", 550, "5.6.0 x", "Rejected")]
    public void Its_stage_its_code_and_its_text_say_what_an_answer_means(string stage, int code, string text, string kind) =>
        Assert.Equal(kind, SmtpVerdict.Of(Enum.Parse<MailStage>(stage), code, text, EmailRig.To).Kind.ToString());

    [Theory]
    [InlineData(550, "5.1.1 no", "5.1.1", SpeaksOf.Recipient)]
    [InlineData(550, "no such user\n5.1.1 no", "5.1.1", SpeaksOf.Recipient)]
    [InlineData(550, "#5.1.0 no", "5.1.0", SpeaksOf.Recipient)]
    [InlineData(553, "not one of ours (#5.7.1)", "5.7.1", SpeaksOf.Either)]
    [InlineData(550, "4.1.1 contradicts itself", "550", SpeaksOf.Recipient)]
    [InlineData(550, "5.7.705 of Exchange", "5.7.705", SpeaksOf.Channel)]
    [InlineData(550, "5.7.99 beyond the registry", "5.7.x", SpeaksOf.Either)]
    [InlineData(550, "5.9.1 beyond the registry", "5.x.x", SpeaksOf.Either)]
    public void A_code_is_read_wherever_servers_put_it(int code, string text, string reason, object of)
    {
        var outcome = SmtpVerdict.Of(MailStage.Recipient, code, text, EmailRig.To);

        Assert.Equal((reason, of), (outcome.Reason, outcome.SpeaksOf));
    }

    [Fact]
    public void Reasons_are_a_bounded_set_whatever_a_server_says()
    {
        HashSet<string> reasons = [];
        for (var subject = 0; subject < 1000; subject++)
            for (var detail = 0; detail < 1000; detail += subject < 10 ? 1 : 97)
                reasons.Add(SmtpVerdict.Of(MailStage.Recipient, 550, $"5.{subject}.{detail} x", EmailRig.To).Reason);

        Assert.True(reasons.Count < 400, $"{reasons.Count} reasons");
    }

    [Fact]
    public void A_failure_to_connect_says_why_but_not_what_was_said()
    {
        (Exception Fault, bool Untrusted, OutcomeKind Kind, string Reason)[] table =
        [
            (new SocketException((int)SocketError.ConnectionRefused), false, OutcomeKind.Retry, "connect"),
            (new IOException("reset"), false, OutcomeKind.Retry, "connect"),
            (new OperationCanceledException(), false, OutcomeKind.Retry, "timeout"),
            (new SmtpProtocolException("last answer: secret"), false, OutcomeKind.Retry, "connect"),
            (new SslHandshakeException(), false, OutcomeKind.Retry, "tls"),
            (new SslHandshakeException(), true, OutcomeKind.ChannelFault, "certificate"),
            (new NotSupportedException("no STARTTLS"), false, OutcomeKind.ChannelFault, "not_supported"),
            (new AuthenticationException("secret"), false, OutcomeKind.ChannelFault, "auth"),
            (new AuthenticationException("x", new SmtpCommandException(SmtpErrorCode.UnexpectedStatusCode, (SmtpStatusCode)535, "secret")), false,
                OutcomeKind.ChannelFault, "535"),
            (new SmtpCommandException(SmtpErrorCode.UnexpectedStatusCode, (SmtpStatusCode)554, "go away"), false, OutcomeKind.Retry, "554"),
        ];
        foreach (var (fault, untrusted, kind, reason) in table)
        {
            var outcome = SmtpVerdict.OfConnect(fault, untrusted);

            Assert.Equal((kind, reason), (outcome.Kind, outcome.Reason));
            Assert.Equal((SpeaksOf.Channel, reason.StartsWith('5')), (outcome.SpeaksOf, outcome.Answered));
            Assert.DoesNotContain("secret", outcome.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_a_command_that_was_refused_leaves_the_conversation_going()
    {
        Assert.True(SmtpVerdict.GoesOn(new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, (SmtpStatusCode)550, "x")));
        Assert.False(SmtpVerdict.GoesOn(new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, (SmtpStatusCode)421, "x")));
        Assert.False(SmtpVerdict.GoesOn(new SmtpCommandException(SmtpErrorCode.UnexpectedStatusCode, (SmtpStatusCode)250, "x")));
        Assert.False(SmtpVerdict.GoesOn(new ServiceNotAuthenticatedException("x")));
        Assert.False(SmtpVerdict.GoesOn(new IOException()));
    }
}
