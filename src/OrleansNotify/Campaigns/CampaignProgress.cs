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
        // Whoever has no message yet is settled with the campaign: nothing is swept. One that is done had nobody left but those it expired for.
        var isCancelled = status == CampaignStatus.Cancelled;
        var isExpired = !isCancelled && (status == CampaignStatus.Done || state.IsExpired(now));
        var isOpen = !isCancelled && !isExpired;
        var (fresh, held) = (CountOf(RecipientState.New), CountOf(RecipientState.Held));
        var deferred = CountOf(RecipientState.Deferred) + (isOpen ? held : 0);
        var waiting = CountOf(RecipientState.Waiting) + (isOpen ? fresh : 0);
        var retrying = CountOf(RecipientState.Retrying);
        var remaining = deferred + waiting + retrying;
        var (sent, skipped) = (ByWord(RecipientState.Sent), ByWord(RecipientState.Skipped));
        return new CampaignView
        {
            CampaignId = id,
            Name = state.Settings.Name,
            Status = status,
            Targeted = counts.Values.Sum(),
            Sent = sent.Values.Sum(),
            Skipped = skipped.Values.Sum(),
            Deferred = deferred,
            Waiting = waiting,
            Retrying = retrying,
            DeadLettered = CountOf(RecipientState.DeadLettered),
            Expired = CountOf(RecipientState.Expired) + (isExpired ? fresh + held : 0),
            Cancelled = CountOf(RecipientState.Cancelled) + (isCancelled ? fresh + held : 0),
            Remaining = remaining,
            RatePerSecond = Math.Round(rate, 2),
            EstimatedEnd = rate > 0 && remaining > 0 && status == CampaignStatus.Running ? now.AddSeconds(remaining / rate) : null,
            SkippedByReason = skipped,
            SentByChannel = sent,
        };

        long CountOf(string word) => counts.GetValueOrDefault(word);

        ImmutableSortedDictionary<string, long> ByWord(string prefix) => counts
            .Where(count => count.Value > 0 && count.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(count => count.Key[prefix.Length..], count => count.Value, StringComparer.Ordinal);
    }
}
