using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.DeadLetters;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

/// <summary>A letter may lie for weeks: what its user wants and where the user is now counts, not what was when it failed.</summary>
public sealed class Redriven_letters_ask_again(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task What_the_user_has_switched_off_is_skipped(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var letter = await cluster.Fail(user);
        await user.SetPreferences(new Preferences { AlertTypesEnabled = ["other"] });

        await Ends(cluster, letter, MessageStatus.Skipped, Reasons.AlertTypeDisabled);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_user_without_an_address_is_skipped_though_there_was_an_attempt(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var letter = await cluster.Fail(user);
        await user.SetUser(new UserUpdate());

        await Ends(cluster, letter, MessageStatus.Skipped, Reasons.NoAddress);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task It_goes_to_the_address_that_is_current(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var letter = await cluster.Fail(user);
        await user.SetUser(new UserUpdate { Email = "new@b.example", TelegramChatId = Given.Chat });
        await user.SetPreferences(new Preferences { FallbackOrder = [Channel.Email, Channel.Telegram] });

        await Ends(cluster, letter, MessageStatus.Sent, null, attempts: 2);
        Assert.Equal("new@b.example", cluster.Email.Jobs[^1].To.Email);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task What_has_expired_meanwhile_is_expired(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var letter = await cluster.Fail(user, Given.Alert with { ExpiresAt = cluster.Clock.GetUtcNow().AddHours(1) });
        cluster.Clock.Advance(TimeSpan.FromHours(2));

        await Ends(cluster, letter, MessageStatus.Expired, "expires_at");
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Quiet_hours_hold_it_and_its_life_and_schedule_are_new(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var letter = await cluster.Fail(user);
        cluster.Clock.Advance(TimeSpan.FromDays(3));
        await user.SetPreferences(new Preferences { QuietHours = new QuietHours { Enabled = true, Start = new(11, 0), End = new(13, 0), TimeZone = "UTC" } });
        var failures = 0;
        cluster.Email.Answer = (_, _) => Task.FromResult(Interlocked.Increment(ref failures) < 6 ? Outcomes.Of(OutcomeKind.Retry) : Outcomes.Sent);

        Assert.Equal(RedriveResult.Redriven, await cluster.Letters().Redrive(letter.Id, "ops"));
        Assert.Equal(MessageStatus.Deferred, (await user.GetMessage(letter.MessageId))!.Status);

        cluster.Clock.Advance(TimeSpan.FromHours(1));
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await user.GetMessage(letter.MessageId))!.Status == MessageStatus.Sent;
        });
        Assert.Equal(6, failures);
    }

    private static async Task Ends(NotifyCluster cluster, DeadLetterView letter, MessageStatus status, string? reason, int attempts = 1)
    {
        Assert.Equal(RedriveResult.Redriven, await cluster.Letters().Redrive(letter.Id, "ops"));
        var message = await cluster.User("ann").Until(letter.MessageId, status);
        Assert.Equal(reason, message.Events[^1].Detail);
        Assert.Equal(attempts, cluster.Email.Jobs.Count);
        Assert.Equal(0, await cluster.Letters().Count(new()));
        Assert.Equal(0, await cluster.AgendaLength());
    }
}
