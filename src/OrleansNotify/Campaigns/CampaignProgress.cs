using System.Collections.Immutable;

namespace OrleansNotify.Campaigns;

/// <summary>Draws a campaign's progress from the counts of its recipients' states.</summary>
internal static class CampaignProgress
{
    /// <summary>How many recipients nothing more happens to by itself.</summary>
    public static long SettledOf(IReadOnlyDictionary<string, long> counts) =>
        counts.Where(count => RecipientState.IsSettled(count.Key)).Sum(count => count.Value);

    /// <param name="id">The campaign.</param>
    /// <param name="state">What is stored of it.</param>
    /// <param name="status">Its status.</param>
    /// <param name="counts">How many recipients are in each state.</param>
    /// <param name="rate">Recipients that settled in a second.</param>
    /// <param name="now">The wall clock's time.</param>
    public static CampaignView Of(
        Guid id, CampaignState state, CampaignStatus status, IReadOnlyDictionary<string, long> counts, double rate, DateTimeOffset now)
    {
        var end = state.EndOf(status, now);
        var shown = counts.GroupBy(count => RecipientState.Shown(count.Key, end)).ToDictionary(each => each.Key, each => each.Sum(count => count.Value));
        var (deferred, waiting, retrying) =
            (CountOf(CampaignRecipientState.Deferred), CountOf(CampaignRecipientState.Waiting), CountOf(CampaignRecipientState.Retrying));
        var remaining = deferred + waiting + retrying;
        return new CampaignView
        {
            CampaignId = id,
            Name = state.Settings.Name,
            Status = status,
            Targeted = counts.Values.Sum(),
            Sent = CountOf(CampaignRecipientState.Sent),
            Skipped = CountOf(CampaignRecipientState.Skipped),
            Deferred = deferred,
            Waiting = waiting,
            Retrying = retrying,
            DeadLettered = CountOf(CampaignRecipientState.DeadLettered),
            Expired = CountOf(CampaignRecipientState.Expired),
            Cancelled = CountOf(CampaignRecipientState.Cancelled),
            Remaining = remaining,
            RatePerSecond = Math.Round(rate, 2),
            EstimatedEnd = rate > 0 && remaining > 0 && status == CampaignStatus.Running ? now.AddSeconds(remaining / rate) : null,
            SkippedByReason = ByWord(RecipientState.Skipped),
            SentByChannel = ByWord(RecipientState.Sent),
            TemplateName = state.Settings.TemplateName,
            CreatedAt = state.CreatedAt,
        };

        long CountOf(CampaignRecipientState word) => shown.GetValueOrDefault(word);

        ImmutableSortedDictionary<string, long> ByWord(string prefix) => counts
            .Where(count => count.Value > 0 && count.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(count => count.Key[prefix.Length..], count => count.Value, StringComparer.Ordinal);
    }
}
