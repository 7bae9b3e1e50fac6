using System.Buffers;
using System.Text.Json;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>A line of an audience, or an element of its array: a recipient, or what is wrong with it.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Recipient">The recipient; null where it is wrong.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct AudienceLine(int Number, CampaignRecipient? Recipient, string? Error)
{
    /// <summary>Reads a line's text.</summary>
    public static AudienceLine Read(int number, in ReadOnlySequence<byte> text)
    {
        try
        {
            var recipient = NotifyJson.Read<RecipientBody>(text);
            return new(number, new CampaignRecipient { Line = number, UserId = recipient.UserId, Vars = recipient.Vars }, null);
        }
        catch (JsonException)
        {
            return Wrong(number, string.Join(" ", FieldErrors.Of<RecipientBody>(text).Select(ReasonOf)));
        }
    }

    public static AudienceLine Wrong(int number, string error) => new(number, null, error);

    private static string ReasonOf(KeyValuePair<string, string[]> error) =>
        error.Key == FieldErrors.Body ? error.Value[0] : $"{error.Key}: {error.Value[0]}";
}
