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

/// <summary>An answer (RFC 5321 section 4.2), its text without codes and without the recipient's address.</summary>
internal readonly record struct SmtpAnswer(MailStage Stage, int Code, EnhancedCode? Enhanced, string Text)
{
    /// <summary>Nothing of a recipient was said yet.</summary>
    public bool BeforeRecipient => Stage < MailStage.Recipient;

    public bool IsNotNow => Code is >= 400 and < 500;

    public bool IsNo => Code is >= 500 and < 600;

    /// <summary>Address status (x.1.*) or mailbox status (x.2.*).</summary>
    public bool IsOfMailbox => Enhanced is { Subject: 1 or 2 };
}

/// <summary>The outcome of each answer. docs/reference.md explains the same list with every code; a test holds the two together.</summary>
internal static class SmtpRules
{
    // Gmail's quota, Exchange Online's of the sending account, tenant, address and client, and those of RFC 4954 and 5248.
    private static readonly HashSet<EnhancedCode> s_ours =
    [
        new(5, 1, 90), new(5, 4, 5),
        .. ((int[])[8, 10, 11, 14, 57, 60, 64, 232, 233, 501, 502, 503, 506, 508, 511, .. Enumerable.Range(606, 44), 705, 708, 750, 800]).Select(detail => new EnhancedCode(5, 7, detail)),
    ];

    private static readonly HashSet<EnhancedCode> s_receivesTooFast = [new(5, 2, 121), new(5, 2, 122)];

    private static readonly (Func<SmtpAnswer, bool> Holds, OutcomeKind Kind, SpeaksOf Of)[] s_rules =
    [
        (a => a.Code is >= 200 and < 300 && a.Stage == MailStage.End, OutcomeKind.Sent, SpeaksOf.Either),

        // No answer to what was asked: the server is out of step.
        (a => !a.IsNotNow && !a.IsNo, OutcomeKind.Retry, SpeaksOf.Either),

        // The recipient's own limits, before ours: both speak of messages, limits and rates.
        (a => a.IsNo && !a.BeforeRecipient && SpeaksOfPatience(a), OutcomeKind.Busy, SpeaksOf.Recipient),

        (IsOurs, OutcomeKind.ChannelFault, SpeaksOf.Channel),
        (a => a.BeforeRecipient && (a.IsNotNow || a.Stage == MailStage.Connect), OutcomeKind.Retry, SpeaksOf.Channel),
        (a => a.BeforeRecipient, OutcomeKind.ChannelFault, SpeaksOf.Channel),

        (a => a.Code == 421 || (a.IsNotNow && SmtpTexts.TooManyAtOnce(a.Text) && !SmtpTexts.ReceivesTooFast(a.Text)), OutcomeKind.Busy, SpeaksOf.Channel),
        (a => a.IsNotNow && a.IsOfMailbox, OutcomeKind.Busy, SpeaksOf.Recipient),
        (a => a.IsNotNow, OutcomeKind.Busy, SpeaksOf.Either),

        (a => a.Code == 552 || a.Enhanced is (5, 2, 3) or (5, 3, 4) or (5, 6, _), OutcomeKind.Rejected, SpeaksOf.Recipient),
        (a => !a.IsOfMailbox && SmtpTexts.ComeLater(a.Text), OutcomeKind.Busy, SpeaksOf.Either),
        (a => a.IsOfMailbox, OutcomeKind.Refused, SpeaksOf.Recipient),
        (a => a.Stage == MailStage.Recipient && a.Enhanced is null && a.Code is 550 or 551 or 553 or 556, OutcomeKind.Refused, SpeaksOf.Recipient),
        (_ => true, OutcomeKind.Refused, SpeaksOf.Either),
    ];

    /// <summary>What an answer comes to, and whom it speaks of: the first rule that holds.</summary>
    public static (OutcomeKind Kind, SpeaksOf Of) Of(SmtpAnswer answer)
    {
        var (_, kind, of) = Array.Find(s_rules, rule => rule.Holds(answer));
        return (kind, answer.BeforeRecipient ? SpeaksOf.Channel : of);
    }

    /// <summary>Whether a rule names this code.</summary>
    public static bool IsKnown(EnhancedCode code) => s_ours.Contains(code) || s_receivesTooFast.Contains(code);

    // A full mailbox is a persistent transient failure, whatever the reply (RFC 3463, X.2.2); so is one that gets too much at once.
    private static bool SpeaksOfPatience(SmtpAnswer a) => a.Enhanced switch
    {
        (5, 2, 3) or (5, 3, 4) or (5, 6, _) => false,
        { } code when s_receivesTooFast.Contains(code) => true,
        (5, 2, 1) when SmtpTexts.IsNotForEver(a.Text) => true,
        (5, 2, 2) when !SmtpTexts.OfOurs(a.Text) => true,
        _ => SmtpTexts.ReceivesTooFast(a.Text) || (SmtpTexts.MailboxFull(a.Text) && !SmtpTexts.OfOurs(a.Text)),
    };

    private static bool IsOurs(SmtpAnswer a) => a.Code is >= 530 and < 540 or >= 523 and <= 525
        || a.Enhanced is (_, 1, 7 or 8)
        || (a.Enhanced is { } code && s_ours.Contains(code))
        || SmtpTexts.OfOurs(a.Text);
}
