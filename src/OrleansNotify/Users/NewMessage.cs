using System.Text.Json;
using OrleansNotify.Templates;

namespace OrleansNotify.Users;

/// <summary>Makes a message of a request.</summary>
internal static class NewMessage
{
    public static Message From(SendRequest request, string user, TemplateManifest template, DateTimeOffset now, DateTimeOffset wallNow)
    {
        var firstSent = request.SendAt > wallNow ? now + (request.SendAt.Value - wallNow) : now;
        return new Message
        {
            Id = Guid.CreateVersion7(now),
            UserId = user,
            TemplateName = request.TemplateName,
            Vars = request.TemplateVars,
            Requested = request.Channel,
            Fallback = request.Fallback,
            Priority = request.Priority,
            LanePriority = request.Priority,
            Instrument = request.Instrument ?? InstrumentOf(request.TemplateVars),
            AlertType = request.AlertType ?? request.TemplateName,
            Urgent = template.Urgent,
            CreatedAt = now,
            SendAt = request.SendAt,
            ExpiresAt = request.ExpiresAt,
            LifeEnds = firstSent + Decision.LifeOf(request.Priority),
            Status = MessageStatus.Waiting,
            LookAt = now,
            Events = [new MessageEvent { At = now, Type = MessageEventType.Accepted }],
        };
    }

    /// <summary>Why a new message is not stored; null if it is.</summary>
    public static string? WhySkipped(Message message, Next next, Situation at) => next switch
    {
        Next.End { Status: MessageStatus.Expired } => Decision.PlanOf(message, at).Obstacle ?? Reasons.ExpiresBeforeDelivery,
        Next.End { Status: MessageStatus.Skipped } end => end.Reason,
        Next.Hold hold when message.ExpiresAt <= hold.DeliverAt => Reasons.ExpiresBeforeDelivery,
        _ => null,
    };

    private static string? InstrumentOf(TemplateVars vars)
    {
        using var document = JsonDocument.Parse(vars.Json);
        return document.RootElement.TryGetProperty("instrument", out var instrument) && instrument.ValueKind == JsonValueKind.String
            ? instrument.GetString()
            : null;
    }
}
