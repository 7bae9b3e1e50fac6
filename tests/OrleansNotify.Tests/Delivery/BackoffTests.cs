using CsCheck;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Delivery;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 1), InlineData(2, 2), InlineData(3, 4), InlineData(4, 8), InlineData(5, 16)]
    public void Delays_double_from_one_second(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(attempts, 0));

    [Theory]
    [InlineData(0, 1), InlineData(6, 16), InlineData(100, 16)]
    public void Outside_the_schedule_its_ends_stand(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(attempts, 0));

    [Fact]
    public void Jitter_is_upwards_and_at_most_ten_percent() =>
        Gen.Select(Gen.Int[1, 5], Gen.Double[0, 0.999999]).Sample((attempts, chance) =>
        {
            var plain = Backoff.After(attempts, 0);
            return Backoff.After(attempts, chance) >= plain && Backoff.After(attempts, chance) < plain * 1.1;
        });

    [Theory]
    [InlineData(Channel.Push, 2), InlineData(Channel.Telegram, 3), InlineData(Channel.Email, 3)]
    public void A_channel_gives_up_early_while_others_remain(Channel channel, int attempts) =>
        Assert.Equal(attempts, Backoff.EarlyEnd(channel));
}
