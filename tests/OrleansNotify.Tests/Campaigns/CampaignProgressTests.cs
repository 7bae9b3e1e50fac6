using CsCheck;
using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Campaigns;

public sealed class CampaignProgressTests
{
    private static readonly string[] s_states =
    [
        RecipientState.New, RecipientState.Held, RecipientState.Waiting, RecipientState.Deferred, RecipientState.Retrying, RecipientState.DeadLettered,
        RecipientState.Cancelled, RecipientState.Expired, "sent:email", "sent:push", "skipped:unsubscribed", "skipped:unknown_user",
    ];

    private static readonly Gen<(Dictionary<string, long> Counts, CampaignStatus Status, DateTimeOffset? Expires)> s_any =
        from counts in Gen.Long[0, 5].Array[s_states.Length]
        from status in Gen.Int[0, 5].Select(i => (CampaignStatus)i)
        from expires in Gen.Int[-1, 1].Select(hours => hours < 0 ? (DateTimeOffset?)null : World.Now.AddHours(hours))
        select (s_states.Zip(counts).ToDictionary(state => state.First, state => state.Second), status, expires);

    [Fact]
    public void Whatever_the_states_and_the_status_the_ledger_adds_up() => s_any.Sample(any =>
    {
        var view = Of(any.Counts, any.Status, any.Expires);
        Audience.Adds(view);
        Assert.Equal(any.Counts.Values.Sum(), view.Targeted);
        Assert.Equal(any.Counts["sent:email"] + any.Counts["sent:push"], view.Sent);
    });

    [Fact]
    public void Nobody_without_a_message_remains_in_a_campaign_that_is_over() => s_any.Sample(any =>
    {
        var view = Of(any.Counts, any.Status, any.Expires);
        var without = any.Counts[RecipientState.New] + any.Counts[RecipientState.Held];
        var with = any.Counts[RecipientState.Waiting] + any.Counts[RecipientState.Deferred] + any.Counts[RecipientState.Retrying];
        var isCancelled = any.Status == CampaignStatus.Cancelled;
        var isExpired = !isCancelled && (any.Status == CampaignStatus.Done || any.Expires == World.Now);
        Assert.Equal(any.Counts[RecipientState.Cancelled] + (isCancelled ? without : 0), view.Cancelled);
        Assert.Equal(any.Counts[RecipientState.Expired] + (isExpired ? without : 0), view.Expired);
        Assert.Equal(with + (isCancelled || isExpired ? 0 : without), view.Remaining);
    });

    [Fact]
    public void Only_what_settled_counts_as_settled() =>
        Assert.Equal(7, CampaignProgress.SettledOf(s_states.ToDictionary(state => state, _ => 1L)));

    [Theory]
    [InlineData(CampaignStatus.Running, 2.0, 50, true)]
    [InlineData(CampaignStatus.Running, 0.0, 50, false)]
    [InlineData(CampaignStatus.Running, 2.0, 0, false)]
    [InlineData(CampaignStatus.Paused, 2.0, 50, false)]
    public void The_end_is_estimated_while_something_moves(CampaignStatus status, double rate, long left, bool isKnown)
    {
        var view = Of(new() { [RecipientState.New] = left }, status, null, rate);

        Assert.Equal(isKnown ? World.Now.AddSeconds(left / rate) : null, view.EstimatedEnd);
        Assert.Equal(rate, view.RatePerSecond);
    }

    [Fact]
    public void Reasons_and_channels_are_told_apart_and_those_of_nobody_not_at_all()
    {
        var view = Of(new() { ["sent:email"] = 2, ["sent:push"] = 0, ["skipped:no_address"] = 1, ["skipped:unsubscribed"] = 3 }, CampaignStatus.Done, null);

        Assert.Equal([new("email", 2)], view.SentByChannel);
        Assert.Equal([new("no_address", 1), new("unsubscribed", 3)], view.SkippedByReason);
    }

    private static CampaignView Of(Dictionary<string, long> counts, CampaignStatus status, DateTimeOffset? expires, double rate = 0)
    {
        CampaignState state = new() { Settings = Audience.Insight with { ExpiresAt = expires }, Upload = 1 };
        return CampaignProgress.Of(Guid.Empty, state, status, counts, rate, World.Now);
    }
}
