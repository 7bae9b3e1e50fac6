using System.Globalization;
using System.Text.RegularExpressions;
using MimeKit;
using OrleansNotify.Sandbox;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>What is to become of a message.</summary>
internal enum Fate
{
    /// <summary>It is sent as soon as it goes.</summary>
    Plain,

    /// <summary>It is sent some seconds later.</summary>
    Deferred,

    /// <summary>It is cancelled while it waits.</summary>
    Cancelled,

    /// <summary>It may expire before it is sent.</summary>
    Expiring,

    /// <summary>Its person has blocked the bot.</summary>
    Blocked,

    /// <summary>As before; when it is a dead letter, the person relents and it is sent again.</summary>
    Redriven,

    /// <summary>While it waits, its person switches everything off.</summary>
    Unwanted,
}

/// <summary>One message that the harness asks for, and what it learns of it.</summary>
internal sealed partial class Asked(int number, Fate fate, string user, Channel channel, Priority priority)
{
    private const int FirstChat = 100_000_000;

    public int Number { get; } = number;

    public Fate Fate { get; } = fate;

    public string User { get; } = user;

    /// <summary>When it was first asked for.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>It has its receipt, and what was to be done about it is done.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>The receipt that counts; null until there is one.</summary>
    public Receipt? Receipt { get; set; }

    /// <summary>The message as it stands at the end; null for one that is not stored.</summary>
    public MessageView? View { get; set; }

    public static string EmailOf(string user) => $"{user}@faults.example";

    public static string ChatOf(string user) => user[0] == 'f' ? $"{FirstChat + NumberOf(user)}" : $"{(2 * FirstChat) + NumberOf(user)}";

    private static int NumberOf(string user) => int.Parse(user.AsSpan(2), CultureInfo.InvariantCulture);

    /// <summary>What the silo client asks for, and HTTP as well.</summary>
    public SendRequest Request(DateTimeOffset now)
    {
        At = now;
        return new SendRequest
        {
            TemplateName = "price_alert_triggered",
            TemplateVars = TemplateVars.From(new Dictionary<string, object?>
            {
                ["instrument"] = $"N{Number:000000}",
                ["trigger_price"] = 1.1,
                ["current_price"] = 1.2,
                ["condition"] = "above",
            }),
            Channel = channel,
            Priority = priority,
            Fallback = Fate is not (Fate.Blocked or Fate.Redriven),
            IdempotencyKey = $"key-{Number}",
            SendAt = Fate switch
            {
                Fate.Deferred => now.AddSeconds(2 + (Number % 5)),
                Fate.Unwanted => now.AddSeconds(20),
                Fate.Cancelled => now.AddMinutes(30),
                _ => null,
            },
            ExpiresAt = Fate == Fate.Expiring ? now.AddSeconds(1.5) : null,
        };
    }

    /// <summary>The number of a message that a receiver took over.</summary>
    public static int NumberOf(Delivered item)
    {
        var text = item switch
        {
            DeliveredMail mail => MimeMessage.Load(new MemoryStream(mail.Raw.ToArray())).Subject ?? "",
            DeliveredTelegram telegram => telegram.PlainText,
            DeliveredPush push => System.Text.Encoding.UTF8.GetString(push.Payload.Span),
            _ => "",
        };
        return int.Parse(InText().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"N(\d{6})")]
    private static partial Regex InText();
}
