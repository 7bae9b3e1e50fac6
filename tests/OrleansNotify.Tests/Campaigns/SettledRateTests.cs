using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Campaigns;

public sealed class SettledRateTests
{
    [Fact]
    public void Nothing_is_known_until_there_is_something_to_compare_with()
    {
        SettledRate rate = new();
        Assert.Equal(0, rate.At(5, World.Now));
        rate.Note(5, World.Now);
        Assert.Equal(0, rate.At(5, World.Now));
        Assert.Equal(2, rate.At(25, World.Now.AddSeconds(10)));
    }

    [Fact]
    public void It_is_that_of_the_last_minute()
    {
        SettledRate rate = new();
        for (var second = 0; second <= 300; second++) rate.Note(second < 200 ? second * 10 : 2000 + second - 200, World.Now.AddSeconds(second));

        Assert.Equal(1, rate.At(2100, World.Now.AddSeconds(300)), 3);
    }

    [Fact]
    public void Looks_within_a_second_count_once_and_a_count_that_fell_is_no_rate()
    {
        SettledRate rate = new();
        rate.Note(0, World.Now);
        rate.Note(50, World.Now.AddMilliseconds(1));
        Assert.Equal(10, rate.At(10, World.Now.AddSeconds(1)));
        Assert.Equal(0, rate.At(-1, World.Now.AddSeconds(1)));
    }
}
