using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class SmtpVerdictTests
{
    [Fact]
    public void No_answer_below_500_blames_anybody()
    {
        foreach (var stage in Enum.GetValues<MailStage>())
            for (var code = 100; code < 500; code++)
            {
                var outcome = SmtpVerdict.Of(stage, code, "5.1.1 text", EmailRig.To);
                var expected = stage == MailStage.End && code is >= 200 and < 300 ? OutcomeKind.Sent : OutcomeKind.Retry;
                Assert.Equal(expected, outcome.Kind);
            }
    }

    [Theory]
    [InlineData("Connect", 550, "5.1.1 x", "Retry")]
    [InlineData("Connect", 530, "x", "ChannelFault")]
    [InlineData("Login", 454, "4.7.0 x", "Retry")]
    [InlineData("Login", 535, "5.7.8 x", "ChannelFault")]
    [InlineData("Login", 501, "x", "ChannelFault")]
    [InlineData("Sender", 552, "5.2.2 x", "ChannelFault")]
    [InlineData("Recipient", 529, "x", "Rejected")]
    [InlineData("Recipient", 539, "x", "ChannelFault")]
    [InlineData("Recipient", 540, "x", "Rejected")]
    [InlineData("Recipient", 550, "4.1.1 contradicts itself", "Refused")]
    [InlineData("Recipient", 550, "5.1.99 beyond the registry", "Refused")]
    [InlineData("Recipient", 550, "5.9.1 beyond the registry", "Refused")]
    [InlineData("Recipient", 550, "5.1.1.1 no such code", "Refused")]
    [InlineData("Recipient", 550, "5.1.1000 no such code", "Refused")]
    [InlineData("Recipient", 550, "see 5.1.1", "Refused")]
    [InlineData("Recipient", 550, " 5.1.1", "AddressGone")]
    [InlineData("Recipient", 554, "5.1.1 x", "AddressGone")]
    [InlineData("Recipient", 554, "5.2.2 x", "Retry")]
    [InlineData("Recipient", 550, "5.1.4 ambiguous", "Rejected")]
    [InlineData("Recipient", 550, "5.2.3 too long", "Rejected")]
    [InlineData("Recipient", 600, "x", "Retry")]
    [InlineData("Data", 550, "x", "Rejected")]
    [InlineData("End", 551, "x", "Rejected")]
    [InlineData("End", 553, "x", "Rejected")]
    [InlineData("End", 550, "5.6.0 x", "Rejected")]
    public void Its_stage_its_code_and_its_text_say_what_an_answer_means(string stage, int code, string text, string kind) =>
        Assert.Equal(kind, SmtpVerdict.Of(Enum.Parse<MailStage>(stage), code, text, EmailRig.To).Kind.ToString());

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

            Assert.Equal((kind, reason, kind == OutcomeKind.Retry), (outcome.Kind, outcome.Reason, outcome.ConnectFailed));
            Assert.DoesNotContain("secret", outcome.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_a_command_that_was_refused_leaves_the_conversation_going()
    {
        Assert.True(SmtpVerdict.GoesOn(new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, (SmtpStatusCode)550, "x")));
        Assert.False(SmtpVerdict.GoesOn(new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, (SmtpStatusCode)421, "x")));
        Assert.False(SmtpVerdict.GoesOn(new ServiceNotAuthenticatedException("x")));
        Assert.False(SmtpVerdict.GoesOn(new IOException()));
    }
}
