using System.Globalization;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Email;

/// <summary>What an answer of the server, or its absence, comes to.</summary>
internal static class SmtpVerdict
{
    /// <summary>The reason of an outcome where the connection ended in the middle of the conversation.</summary>
    public const string ConnectionLost = "connection_lost";

    /// <summary>An answer (RFC 5321 section 4.2).</summary>
    /// <param name="stage">What was asked.</param>
    /// <param name="code">The reply code.</param>
    /// <param name="text">What follows the reply code, beginning with the enhanced code if there is one.</param>
    /// <param name="to">The recipient, if one was named, who is not to be read in the outcome's texts.</param>
    public static Outcome Of(MailStage stage, int code, string text, string? to)
    {
        var enhanced = EnhancedCode.Parse(code, text);
        var (kind, of) = SmtpRules.Of(new SmtpAnswer(stage, code, enhanced, ProviderText.Clean(EnhancedCode.TakeFrom(text), to)));
        return new Outcome
        {
            Kind = kind,
            Reason = kind == OutcomeKind.Sent ? "" : enhanced?.Label ?? code.ToString(CultureInfo.InvariantCulture),
            // A server may repeat what it refuses, so what it says to AUTH goes nowhere.
            Detail = stage == MailStage.Login ? $"{code} {enhanced?.Label} to AUTH" : ProviderText.Clean($"{code} {text}", to),
            ProviderId = kind == OutcomeKind.Sent ? ProviderText.Clean(text, to) : null,
            SpeaksOf = of,
            Answered = true,
        };
    }

    /// <summary>A connection that could not be made.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="untrusted">Whether the server's certificate does not verify.</param>
    public static Outcome OfConnect(Exception fault, bool untrusted) => fault switch
    {
        SmtpCommandException refusal => Of(MailStage.Connect, (int)refusal.StatusCode, refusal.Message, to: null),
        AuthenticationException { InnerException: SmtpCommandException refusal } => Of(MailStage.Login, (int)refusal.StatusCode, refusal.Message, to: null),
        AuthenticationException => OurFault("auth", "the server took none of our ways to authenticate"),
        NotSupportedException => OurFault("not_supported", fault.Message),
        _ when untrusted => OurFault("certificate", "the server's certificate does not verify"),
        OperationCanceledException => NotReached("timeout", "no connection in time"),
        SslHandshakeException => NotReached("tls", "the TLS handshake failed"),
        // Its message repeats the server's last answer, which may have been to AUTH.
        SmtpProtocolException => NotReached("connect", "the server hung up, or does not speak SMTP"),
        _ => NotReached("connect", fault.Message),
    };

    /// <summary>A conversation that ended without 250.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="senderAccepted">Whether MAIL FROM was answered with yes.</param>
    /// <param name="handedOver">Whether the final dot may have been written.</param>
    /// <param name="to">The recipient.</param>
    public static Outcome OfSend(Exception fault, bool senderAccepted, bool handedOver, string to) => fault switch
    {
        SmtpCommandException refusal => Of(StageOf(refusal.ErrorCode), (int)refusal.StatusCode, refusal.Message, to),
        ServiceNotAuthenticatedException refusal => Of(MailStage.Sender, (int)SmtpStatusCode.AuthenticationRequired, refusal.Message, to),
        _ => new Outcome
        {
            Kind = handedOver ? OutcomeKind.Unknown : OutcomeKind.Retry,
            Reason = fault is OperationCanceledException ? "timeout" : ConnectionLost,
            Detail = ProviderText.Clean(fault.Message, to),
            SpeaksOf = senderAccepted ? SpeaksOf.Either : SpeaksOf.Channel,
        },
    };

    /// <summary>
    /// Whether the conversation can go on with the next mail: the server said no, and not that it leaves (RFC 5321 section 3.8). After an
    /// answer to something else nobody knows what the next one would be to.
    /// </summary>
    public static bool GoesOn(Exception fault) =>
        fault is SmtpCommandException { StatusCode: >= (SmtpStatusCode)400 and < (SmtpStatusCode)600 and not SmtpStatusCode.ServiceNotAvailable };

    private static MailStage StageOf(SmtpErrorCode code) => code switch
    {
        SmtpErrorCode.SenderNotAccepted => MailStage.Sender,
        SmtpErrorCode.RecipientNotAccepted => MailStage.Recipient,
        SmtpErrorCode.MessageNotAccepted => MailStage.End,
        _ => MailStage.Data,
    };

    private static Outcome OurFault(string reason, string detail) =>
        new() { Kind = OutcomeKind.ChannelFault, Reason = reason, Detail = ProviderText.Clean(detail), SpeaksOf = SpeaksOf.Channel };

    private static Outcome NotReached(string reason, string detail) =>
        new() { Kind = OutcomeKind.Retry, Reason = reason, Detail = ProviderText.Clean(detail), SpeaksOf = SpeaksOf.Channel };
}
