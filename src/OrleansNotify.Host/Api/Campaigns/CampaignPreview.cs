using System.Collections.Immutable;
using System.Text.Json;
using OrleansNotify.Campaigns;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>What a campaign would do with the first of its audience if it started now.</summary>
/// <param name="Recipients">How many were asked.</param>
/// <param name="ByStatus">The receipts that they would get, by status; an unknown user would be skipped.</param>
/// <param name="ByReason">Those that are not accepted, by reason.</param>
/// <param name="Errors">Lines that would not be sent to.</param>
internal sealed record CampaignPreview(
    int Recipients, ImmutableSortedDictionary<string, int> ByStatus, ImmutableSortedDictionary<string, int> ByReason, ImmutableArray<CampaignLineError> Errors)
{
    /// <summary>How many lines of an audience are looked at.</summary>
    public const int MostLines = 100;

    /// <summary>Those that a campaign would send to, and what is wrong with the others.</summary>
    public static (ImmutableArray<CampaignRecipient> Recipients, ImmutableArray<CampaignLineError> Errors) Sift(
        IEnumerable<AudienceLine> lines, CampaignSettings settings, TemplateCatalog templates, DateTimeOffset now)
    {
        HashSet<string> users = [];
        var (recipients, errors) = (ImmutableArray.CreateBuilder<CampaignRecipient>(), ImmutableArray.CreateBuilder<CampaignLineError>());
        foreach (var line in lines)
        {
            var error = line.Recipient is not { } recipient
                ? line.Error
                : CampaignRules.Check(recipient, settings, templates, now) ?? (users.Add(recipient.UserId) ? null : CampaignRules.Duplicate);
            if (error is null) recipients.Add(line.Recipient!);
            else errors.Add(new CampaignLineError(line.Number, error));
        }

        return (recipients.DrainToImmutable(), errors.DrainToImmutable());
    }

    /// <summary>Counts receipts.</summary>
    public static CampaignPreview Of(IReadOnlyCollection<Receipt> receipts, ImmutableArray<CampaignLineError> errors) => new(
        receipts.Count,
        Count(receipts.Select(receipt => JsonNamingPolicy.SnakeCaseLower.ConvertName(StatusOf(receipt).ToString()))),
        Count(receipts.Select(receipt => receipt.Reason).OfType<string>()),
        errors);

    private static ReceiptStatus StatusOf(Receipt receipt) => receipt.Reason == Reasons.UnknownUser ? ReceiptStatus.Skipped : receipt.Status;

    private static ImmutableSortedDictionary<string, int> Count(IEnumerable<string> words) =>
        words.CountBy(word => word).ToImmutableSortedDictionary(count => count.Key, count => count.Value, StringComparer.Ordinal);
}
