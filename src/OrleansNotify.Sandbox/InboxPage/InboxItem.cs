using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansNotify.Sandbox.InboxPage;

/// <summary>What the page shows of one delivery. Text alone; only <see cref="Html"/> is markup.</summary>
internal sealed record InboxItem
{
    public required long Number { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Kind { get; init; }
    public required string To { get; init; }

    /// <summary>A mail's subject, a push's title.</summary>
    public string? Title { get; init; }

    /// <summary>A mail's text part, a push's body.</summary>
    public string? Text { get; init; }

    /// <summary>Of a Telegram message: its text with its formatting.</summary>
    public string? Html { get; init; }

    /// <summary>Whether a mail has an HTML part; it is a page of its own.</summary>
    public bool? HasHtml { get; init; }

    public string? From { get; init; }

    /// <summary>Where a push leads when it is opened: a path of the product.</summary>
    public string? Link { get; init; }

    /// <summary>The same as a browser opens it.</summary>
    public Uri? Opens { get; init; }

    /// <summary>Names and values: a mail's headers, a push's HTTP headers.</summary>
    public ImmutableArray<string[]> Headers { get; init; } = [];

    /// <summary>As it came over the wire.</summary>
    public required string Source { get; init; }

    public static InboxItem Of(Delivered delivered, Uri appUrl) => delivered switch
    {
        DeliveredMail mail => OfMail(mail),
        DeliveredTelegram message => OfTelegram(message),
        _ => OfPush((DeliveredPush)delivered, appUrl),
    };

    private static InboxItem OfMail(DeliveredMail mail)
    {
        var view = MailView.Of(mail);
        return new InboxItem
        {
            Number = mail.Number,
            At = mail.At,
            Kind = "email",
            To = mail.To,
            From = view.From ?? mail.From,
            Title = view.Subject,
            Text = view.Text,
            HasHtml = view.Html is not null,
            Headers = view.Headers,
            Source = Encoding.UTF8.GetString(mail.Raw.Span),
        };
    }

    private static InboxItem OfTelegram(DeliveredTelegram message) => new()
    {
        Number = message.Number,
        At = message.At,
        Kind = "telegram",
        To = message.To,
        Text = message.PlainText,
        Html = message.Html,
        Source = message.Text,
    };

    private static InboxItem OfPush(DeliveredPush push, Uri appUrl)
    {
        var json = Parse(push.Payload.Span);
        var link = TextOf((json?["data"] as JsonObject)?["url"]);
        return new InboxItem
        {
            Number = push.Number,
            At = push.At,
            Kind = "push",
            To = push.To,
            Title = TextOf(json?["title"]),
            Text = TextOf(json?["body"]),
            Link = link,
            Opens = link?.StartsWith('/') == true && Uri.TryCreate(appUrl, link, out var opens) ? opens : null,
            Headers =
            [
                ["TTL", $"{push.Ttl} s"],
                .. push.Urgency is { } urgency ? [["Urgency", urgency]] : (string[][])[],
                .. push.Topic is { } topic ? [["Topic", topic]] : (string[][])[],
                .. TextOf(json?["tag"]) is { } tag ? [["Tag", tag]] : (string[][])[],
            ],
            Source = Encoding.UTF8.GetString(push.Payload.Span),
        };
    }

    private static JsonObject? Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonNode.Parse(payload) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
