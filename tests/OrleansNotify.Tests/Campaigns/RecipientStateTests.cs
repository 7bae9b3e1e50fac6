using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Campaigns;

public sealed class RecipientStateTests
{
    [Theory]
    [InlineData(MessageStatus.Waiting, "waiting")]
    [InlineData(MessageStatus.Sending, "waiting")]
    [InlineData(MessageStatus.Deferred, "deferred")]
    [InlineData(MessageStatus.Retrying, "retrying")]
    [InlineData(MessageStatus.Sent, "sent:telegram")]
    [InlineData(MessageStatus.DeadLettered, "dead_lettered")]
    [InlineData(MessageStatus.Cancelled, "cancelled")]
    [InlineData(MessageStatus.Expired, "expired")]
    [InlineData(MessageStatus.Skipped, "skipped:unsubscribed")]
    public void Each_status_of_a_message_is_a_state_of_its_recipient(MessageStatus status, string state)
    {
        var message = World.Message with { Status = status, Channel = Channel.Telegram, Reason = Reasons.Unsubscribed };

        Assert.Equal(state, RecipientState.Of(message));
        Assert.Equal(message.IsSettled, RecipientState.IsSettled(state));
    }

    [Fact]
    public void Every_state_is_found_under_the_word_that_people_see()
    {
        string[] states = ["new", "held", "waiting", "deferred", "retrying", "dead_lettered", "cancelled", "expired", "sent:push", "skipped:no_address"];
        foreach (var end in new CampaignRecipientState?[] { null, CampaignRecipientState.Cancelled, CampaignRecipientState.Expired })
        {
            foreach (var state in states)
                Assert.Contains(RecipientState.WordsOf(RecipientState.Shown(state, end), end), word => state.StartsWith(word, StringComparison.Ordinal));
            Assert.Equal(states.Length, Enum.GetValues<CampaignRecipientState>().Sum(shown => RecipientState.WordsOf(shown, end).Count()));
        }
    }

    [Theory]
    [InlineData(RecipientState.New)]
    [InlineData(RecipientState.Held)]
    public void Whoever_has_no_message_yet_is_not_settled(string state) => Assert.False(RecipientState.IsSettled(state));

    [Fact]
    public void Who_cannot_be_reached_in_time_is_expired_not_skipped()
    {
        Assert.Equal(RecipientState.Expired, RecipientState.SkippedFor(Reasons.ExpiresBeforeDelivery));
        Assert.Equal("skipped:no_address", RecipientState.SkippedFor(Reasons.NoAddress));
    }
}
