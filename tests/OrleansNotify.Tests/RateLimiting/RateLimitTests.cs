using OrleansNotify.RateLimiting;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData("20/1s", 20, 1), InlineData("100/1m", 100, 60), InlineData("1000/2h", 1000, 7200), InlineData("1/1s", 1, 1)]
    public void A_limit_is_a_number_in_a_window(string text, int count, int seconds)
    {
        Assert.True(RateLimit.TryParse(text, out var limit));
        Assert.Equal(new RateLimit(count, TimeSpan.FromSeconds(seconds)), limit);
    }

    [Fact]
    public void Off_is_no_limit()
    {
        Assert.True(RateLimit.TryParse("off", out var limit));
        Assert.Null(limit);
    }

    [Theory]
    [InlineData(""), InlineData("20"), InlineData("20/"), InlineData("/1s"), InlineData("20/1"), InlineData("20/s"), InlineData("0/1s"), InlineData("-1/1s")]
    [InlineData("20/0s"), InlineData("20/1d"), InlineData("20/1s/2"), InlineData("1000001/1s"), InlineData("20/1001s"), InlineData("20/25h"), InlineData("OFF")]
    public void Anything_else_is_no_limit_at_all(string text)
    {
        Assert.False(RateLimit.TryParse(text, out _));
    }

    [Theory]
    [InlineData(1, 0), InlineData(2, 1), InlineData(20, 1), InlineData(39, 1), InlineData(40, 2), InlineData(100, 5)]
    public void The_reserve_is_five_percent_at_least_one_and_none_of_one(int count, int reserve) =>
        Assert.Equal(reserve, new RateLimit(count, TimeSpan.FromSeconds(1)).Reserve);

    [Fact]
    public void Permits_are_counted_in_a_window_that_is_longer_by_the_permits_life()
    {
        RateLimit limit = new(20, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(1050), limit.GrantWindow);
        Assert.Equal(TimeSpan.FromMilliseconds(50), limit.PermitLife);
        Assert.Equal(limit.GrantWindow / 19, limit.Spacing);
        Assert.Equal("20 in 1 s", limit.ToString());
    }
}
