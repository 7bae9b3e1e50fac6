using OrleansNotify.Users;

namespace OrleansNotify.DeadLetters;

/// <summary>How a stored letter is shown.</summary>
internal static class LetterViews
{
    public static DeadLetterView Whole(Message letter) => Listed(letter) with { TemplateVars = letter.Vars };

    public static DeadLetterView Listed(Message letter) => new()
    {
        Id = LetterKey.Of(letter).Field,
        MessageId = letter.Id,
        UserId = letter.UserId,
        TemplateName = letter.TemplateName,
        Priority = letter.Priority,
        Channel = letter.Channel,
        Reason = letter.Reason!,
        CreatedAt = letter.CreatedAt,
        FailedAt = letter.SettledAt!.Value,
        Events = letter.Events,
        CampaignId = letter.Campaign?.Campaign,
    };
}
