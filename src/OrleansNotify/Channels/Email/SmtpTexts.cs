using System.Text.RegularExpressions;

namespace OrleansNotify.Channels.Email;

/// <summary>
/// What servers say where their codes do not tell: their words, gathered from the lists of Gmail, Exchange Online, Amazon SES, SendGrid,
/// Mailtrap, Zoho, IONOS, Tencent, cPanel and Exim, Postfix, qmail and Dovecot. docs/reference.md has an example of each.
/// </summary>
internal static class SmtpTexts
{
    private static readonly Regex s_receivesTooFast = Any(
        @"receiving (mail|e-?mail|messages) (at a rate|too (quickly|fast))",
        @"\breceiv(e|ing)\b.{0,20}\blimit",
        @"recipient (thread|rate) limit");

    // Beside 5.2.1 and 4.2.1, whose usual meaning is "disabled", fewer words are enough.
    private static readonly Regex s_notForEver = Any(@"\brate\b", @"too (fast|quickly|many|much)", @"\blimits?\b", "throttl", "temporar", "try again");

    private static readonly Regex s_mailboxFull = Any(
        @"\b(mailbox|mail ?box|mailfolder|inbox|maildir)\b.{0,20}\bfull\b", "full mailbox",
        @"over (the |its |his |their |disk |mail |allowed )*quota", @"\bexceed(s|ed|ing)? (the |its |his |their |disk |mail |mailbox |storage )*(quota|storage|disk space)",
        @"(mail|mailbox|disk|disc|storage|user) ?(space )?quota.{0,10}exceeded", "mailbox.{0,20}(size|space|storage) limit",
        "not enough (disk |storage )?space", "insufficient (disk )?space", "^[ .]*quota exceeded", @"\(mailbox for user is full\)",
        "too many messages on the server");

    private static readonly Regex s_tooManyAtOnce = Any(@"(thread|connections?) limit", @"too many (\w+ )?(connections|sessions|threads)", "concurren(t|cy)");

    private static readonly Regex s_comeLater = Any("gr[ae]y-?list", @"(try|retry|come back|re-?send)\b.{0,20}\blater", "temporarily (deferred|rejected)");

    private static readonly Regex s_ourQuota = Any(
        // Gmail and its relay, SES, IONOS, Exchange, Zoho and many hosters.
        @"\b(send|sending|sender'?s?|submission|relay|outbound|outgoing)\b(?! thread)[^.]{0,40}\b(limit|quota|rate|threshold)s?\b",
        @"(daily|hourly|monthly) (\w+ ){0,2}(limit|quota)", @"\be-?mail (quota|limit)( is)?( exceeded| reached)", "throttling failure",
        // cPanel, qmail, Postfix, Mailtrap, Mailu, SendGrid, Tencent.
        "exceeded the max (emails|defers)", @"(messages|e-?mails) per (second|minute|hour|day|month)", "messaging limits", "maximum credits",
        @"too (many|much) (messages|e-?mails?|mail)(?! (in|on|per|over|during) (this |the |a |one |single )?(smtp )?(connection|session))",
        "too many recipients (from|for this sender)", "frequency limited", "tenant has exceeded", "exceeded permitted limits");

    private static readonly Regex s_ourAccount = Any(
        // The account: suspended, not activated, not allowed to send.
        @"\byour (\w+ ){0,2}account (is|has|was|does|may|must)\b", @"account (is |has been )?not (yet )?(activated|subscribed)", @"not authorized to (send|perform)",
        "(sending|outbound|outgoing).{0,20}(suspended|paused|disabled|blocked)", "unusual sending activity", "spam abuse detected",
        "banned send(er|ing)", "bad outbound sender", "traffic not accepted from this ip", "unregistered domain",
        // The sender's address: a recipient of ours (***) that is named is the SES sandbox, and then it is that recipient's.
        @"not (been )?(verified|confirmed)(?!.*\*\*\*)", @"(match|is not) a (verified|confirmed|valid) sender", "not a sender signature", "sender verify failed",
        "sender address rejected: (not |user unknown|domain not found|undeliverable|unverified|need)", "sender (address )?(denied|not allowed|unknown)",
        "sendasdenied", "send as this sender", "outboundspam", "submissionquota",
        // The client: where we come from, what we call ourselves, that we have not logged in.
        @"client host (\[\S*\] )?(rejected|blocked using)", @"\b(helo|ehlo)\b.{0,40}(rejected|refused|denied|invalid|needed|required|argument)", @"(bad|invalid) (helo|ehlo)\b",
        "client was not authenticated", "smtp authentication", "without authentication", "must issue a starttls");

    /// <summary>The recipient gets more mail than its server wants to give it now.</summary>
    public static bool ReceivesTooFast(string text) => s_receivesTooFast.IsMatch(text);

    /// <summary>A mailbox is shut for a while, not for ever.</summary>
    public static bool IsNotForEver(string text) => s_notForEver.IsMatch(text);

    /// <summary>The recipient's mailbox has no room.</summary>
    public static bool MailboxFull(string text) => s_mailboxFull.IsMatch(text);

    /// <summary>It does not want so many of our mails side by side.</summary>
    public static bool TooManyAtOnce(string text) => s_tooManyAtOnce.IsMatch(text);

    /// <summary>It asks to come later, though its code says never.</summary>
    public static bool ComeLater(string text) => s_comeLater.IsMatch(text);

    /// <summary>It speaks of what we may send, of our account, our sender's address or our client, whatever its code.</summary>
    public static bool OfOurs(string text) => s_ourQuota.IsMatch(text) || s_ourAccount.IsMatch(text);

    private static Regex Any(params string[] phrases) => new(string.Join('|', phrases), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
