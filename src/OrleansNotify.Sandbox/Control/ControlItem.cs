using System.Text;

namespace OrleansNotify.Sandbox.Control;

/// <summary>A delivery as another process sees it.</summary>
internal sealed record ControlItem(long Number, DateTimeOffset At, Receiver Receiver, string To)
{
    public string? From { get; init; }

    /// <summary>Of a mail: its source. Of a Telegram message: its text as it was sent. Of a push: what the device decrypted.</summary>
    public required string Text { get; init; }

    public string? PlainText { get; init; }
    public string? Html { get; init; }
    public int? MessageId { get; init; }
    public int? Ttl { get; init; }
    public string? Urgency { get; init; }
    public string? Topic { get; init; }

    public static ControlItem Of(Delivered item) => item switch
    {
        DeliveredMail mail => Basic(item, Encoding.UTF8.GetString(mail.Raw.Span)) with { From = mail.From },
        DeliveredTelegram message => Basic(item, message.Text) with
        {
            PlainText = message.PlainText,
            Html = message.Html,
            MessageId = message.MessageId,
        },
        DeliveredPush push => Basic(item, Encoding.UTF8.GetString(push.Payload.Span)) with
        {
            Ttl = push.Ttl,
            Urgency = push.Urgency,
            Topic = push.Topic,
        },
        _ => Basic(item, ""),
    };

    private static ControlItem Basic(Delivered item, string text) => new(item.Number, item.At, item.Receiver, item.To) { Text = text };
}
