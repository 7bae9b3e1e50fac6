using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_slow_user_is_passed_over_until_it_answers(StoreFixture stores)
{
    private static readonly RateLimit s_limit = new(20, TimeSpan.FromSeconds(1));
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task And_has_the_next_turn_once_it_has()
    {
        await using var cluster = await Start();
        DateTimeOffset? answered = null;
        cluster.Store().OnAnswer = commit =>
        {
            if (!IsTurn(commit) || answered is not null) return;
            cluster.Clock.Advance(s_limit.PermitLife);
            answered = cluster.Clock.GetUtcNow();
        };

        var sentAt = await SentAt(cluster, "slow", () => false);

        Assert.Equal(2, cluster.Telegram.Jobs.Count);
        Assert.Equal(answered, sentAt);
    }

    [Fact]
    public async Task And_for_five_seconds_where_its_answer_is_a_fault()
    {
        await using var cluster = await Start();
        DateTimeOffset? failed = null;
        cluster.Store().OnCommit = commit =>
        {
            if (!IsTurn(commit) || failed is not null) return null;
            cluster.Clock.Advance(s_limit.PermitLife);
            failed = cluster.Clock.GetUtcNow();
            return new Fault();
        };

        var slow = SentAt(cluster, "slow", () => failed is not null);
        await Eventually.True(() => failed is not null);
        var other = await SentAt(cluster, "other", () => false);

        Assert.InRange(await slow - failed!.Value, s_patience * 0.9, s_patience * 3);
        Assert.InRange(other - failed!.Value, TimeSpan.Zero, s_patience / 2);
    }

    private static bool IsTurn(Commit commit) => commit.Conditions.Count > 0;

    private async Task<NotifyCluster> Start()
    {
        var limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Telegram, s_limit);
        var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: limits);
        cluster.Telegram.Answer = (job, _) => Task.FromResult(job.Turn.IsOver ? Outcomes.Of(OutcomeKind.Withdrawn) : Outcomes.Sent);
        return cluster;
    }

    /// <summary>Sends a message, and tells when it was sent; time goes on meanwhile, once it may.</summary>
    private static async Task<DateTimeOffset> SentAt(NotifyCluster cluster, string id, Func<bool> timeGoesOn)
    {
        var user = await cluster.UserWith(id, email: false, telegram: true);
        var receipt = await user.Send(Given.Alert);
        MessageView? message = null;
        await Eventually.True(async () =>
        {
            if (timeGoesOn()) cluster.Clock.Advance(TimeSpan.FromMilliseconds(5));
            message = await user.GetMessage(receipt.MessageId!.Value);
            return message!.Status == MessageStatus.Sent;
        });
        return message!.Events[^1].At;
    }
}
