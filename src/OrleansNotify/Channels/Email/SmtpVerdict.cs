using System.Globalization;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Email;

/// <summary>What was asked of the server when it answered.</summary>
internal enum MailStage
{
    /// <summary>Before it took us as a client: greeting, EHLO, STARTTLS.</summary>
    Connect,

    /// <summary>AUTH.</summary>
    Login,

    /// <summary>MAIL FROM.</summary>
    Sender,

    /// <summary>RCPT TO.</summary>
    Recipient,

    /// <summary>DATA.</summary>
    Data,

    /// <summary>After the final dot.</summary>
    End,
}

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
        var kind = KindOf(stage, code, enhanced);
        return new Outcome
        {
            Kind = kind,
            Reason = kind == OutcomeKind.Sent ? "" : enhanced?.ToString() ?? code.ToString(CultureInfo.InvariantCulture),
            // A server may repeat what it refuses, so what it says to AUTH goes nowhere.
            Detail = stage == MailStage.Login ? $"{code} {enhanced} to AUTH" : ProviderText.Clean($"{code} {text}", to),
            ProviderId = kind == OutcomeKind.Sent ? ProviderText.Clean(text, to) : null,
            ConnectFailed = kind == OutcomeKind.Retry && stage <= MailStage.Login,
            OfAddress = stage == MailStage.Recipient,
        };
    }

    private static OutcomeKind KindOf(MailStage stage, int code, EnhancedCode? enhanced) => code switch
    {
        >= 200 and < 300 when stage == MailStage.End => OutcomeKind.Sent,
        < 500 or >= 600 => OutcomeKind.Retry,
        >= 530 and < 540 => OutcomeKind.ChannelFault,
        _ when stage == MailStage.Connect => OutcomeKind.Retry,
        _ when stage is MailStage.Login or MailStage.Sender => OutcomeKind.ChannelFault,
        _ => OfMessage(stage, code, enhanced),
    };

    private static OutcomeKind OfMessage(MailStage stage, int code, EnhancedCode? enhanced) => enhanced switch
    {
        (_, 1, 1 or 2 or 3 or 6 or 10) or (_, 2, 1) => OutcomeKind.AddressGone,
        (_, 2, 2) => OutcomeKind.Retry,
        (_, 7, _) => OutcomeKind.Refused,
        _ when code == 554 => OutcomeKind.Refused,
        null when stage == MailStage.Recipient && code is 550 or 551 or 553 => OutcomeKind.Refused,
        _ => OutcomeKind.Rejected,
    };

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
    /// <param name="handedOver">Whether the final dot may have been written.</param>
    /// <param name="to">The recipient.</param>
    public static Outcome OfSend(Exception fault, bool handedOver, string to) => fault switch
    {
        SmtpCommandException refusal => Of(StageOf(refusal.ErrorCode), (int)refusal.StatusCode, refusal.Message, to),
        ServiceNotAuthenticatedException refusal => Of(MailStage.Sender, (int)SmtpStatusCode.AuthenticationRequired, refusal.Message, to),
        _ => new Outcome
        {
            Kind = handedOver ? OutcomeKind.Unknown : OutcomeKind.Retry,
            Reason = fault is OperationCanceledException ? "timeout" : ConnectionLost,
            Detail = ProviderText.Clean(fault.Message, to),
        },
    };

    /// <summary>Whether the conversation can go on with the next mail: the server answered, and not that it leaves (RFC 5321 section 3.8).</summary>
    public static bool GoesOn(Exception fault) => fault is SmtpCommandException { StatusCode: not SmtpStatusCode.ServiceNotAvailable };

    private static MailStage StageOf(SmtpErrorCode code) => code switch
    {
        SmtpErrorCode.SenderNotAccepted => MailStage.Sender,
        SmtpErrorCode.RecipientNotAccepted => MailStage.Recipient,
        SmtpErrorCode.MessageNotAccepted => MailStage.End,
        _ => MailStage.Data,
    };

    private static Outcome OurFault(string reason, string detail) =>
        new() { Kind = OutcomeKind.ChannelFault, Reason = reason, Detail = ProviderText.Clean(detail) };

    private static Outcome NotReached(string reason, string detail) =>
        new() { Kind = OutcomeKind.Retry, Reason = reason, Detail = ProviderText.Clean(detail), ConnectFailed = true };
}
