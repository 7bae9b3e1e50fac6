using CsCheck;
using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Campaigns;

public sealed class CampaignStateTests
{
    [Fact]
    public void The_first_hundred_errors_are_kept_and_all_are_counted()
    {
        var state = Of().With(Errors(1, 60)).With(Errors(61, 90));

        Assert.Equal((150, 100), (state.Failed, state.Errors.Length));
        Assert.Equal(Enumerable.Range(1, 100), state.Errors.Select(error => error.Line));
        Assert.Equal(state.Errors, state.Receipt(Guid.Empty).Errors);
    }

    [Fact]
    public void With_a_rate_no_minute_has_more_than_that() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 1000]).Sample((rate, batch) =>
        {
            var state = Of(rate, batch);
            var now = World.Now;
            List<(DateTimeOffset At, int Count)> made = [];
            while (made.Count < 130)
            {
                // Sometimes there is less to ask than there is room for.
                var room = Math.Max(1, state.Room(0) - (made.Count % 3));
                Assert.InRange(room, 1, batch);
                made.Add((now, room));
                state = state.After(room, state.Cursor + room, now);
                now = state.NotBefore!.Value;
            }

            foreach (var (at, _) in made)
                Assert.True(made.Where(each => each.At >= at && each.At < at.AddMinutes(1)).Sum(each => each.Count) <= rate);
        }, iter: 300);

    [Theory]
    [InlineData(null, 100, 0, 100)]
    [InlineData(null, 100, 99, 1)]
    [InlineData(null, 100, 100, 0)]
    [InlineData(null, 100, 250, 0)]
    [InlineData(60, 100, 0, 1)]
    [InlineData(60, 100, 10, 0)]
    [InlineData(6000, 100, 0, 100)]
    [InlineData(6000, 1000, 0, 100)]
    [InlineData(6000, 1000, 950, 50)]
    [InlineData(1, 100, 0, 1)]
    [InlineData(1, 100, 1, 0)]
    public void There_is_room_for_the_rest_of_a_batch_or_for_what_the_rate_gives(int? rate, int batch, int waiting, int room) =>
        Assert.Equal(room, Of(rate, batch).Room(waiting));

    [Fact]
    public void Without_a_rate_nothing_is_waited_for() => Assert.Null(Of().After(100, 100, World.Now).NotBefore);

    [Fact]
    public void It_starts_and_ends_by_the_wall_clock()
    {
        var state = Of() with { Settings = Audience.Insight with { StartAt = World.Now.AddMinutes(1), ExpiresAt = World.Now.AddMinutes(2) } };

        Assert.Equal(TimeSpan.FromMinutes(1), state.UntilStart(World.Now));
        Assert.Equal(TimeSpan.Zero, Of().UntilStart(World.Now));
        Assert.False(state.IsExpired(World.Now.AddMinutes(2).AddTicks(-1)));
        Assert.True(state.IsExpired(World.Now.AddMinutes(2)));
        Assert.False(Of().IsExpired(World.Now));
    }

    private static CampaignState Of(int? rate = null, int batch = 100) =>
        new() { Settings = Audience.Insight with { Rate = rate, BatchSize = batch }, Upload = 1 };

    private static IEnumerable<CampaignLineError> Errors(int first, int count) =>
        Enumerable.Range(first, count).Select(line => new CampaignLineError(line, "wrong"));
}
