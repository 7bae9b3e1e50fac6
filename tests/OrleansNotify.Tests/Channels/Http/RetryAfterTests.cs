using OrleansNotify.Channels.Http;

namespace OrleansNotify.Tests.Channels.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData(" 120 ", 120)]
    [InlineData("86401", 86400)]
    [InlineData("2147483648", 86400)]
    [InlineData("922337203685477581", 86400)]
    [InlineData("99999999999999999999999999", 86400)]
    [InlineData("Wed, 04 Mar 2026 05:06:37 GMT", 30)]
    [InlineData("Wednesday, 04-Mar-26 05:06:37 GMT", 30)]
    [InlineData("Wed, 04 Mar 2026 05:06:07 GMT", 0)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 0)]
    [InlineData("Mon, 01 Jan 0001 00:00:00 GMT", 0)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 86400)]
    [InlineData("-5", null)]
    [InlineData("1.5", null)]
    [InlineData("1e9", null)]
    [InlineData("٣", null)]
    [InlineData("soon", null)]
    [InlineData("Wed, 99 Mar 2026 05:06:37 GMT", null)]
    public void A_wait_is_given_in_seconds_or_as_a_date(string? header, int? seconds)
    {
        using HttpResponseMessage answer = new();
        if (header is not null) Assert.True(answer.Headers.TryAddWithoutValidation("Retry-After", header));

        Assert.Equal(seconds, RetryAfter.Of(answer.Headers, Now)?.TotalSeconds);
    }

    [Fact]
    public void Of_several_the_first_that_can_be_read_counts()
    {
        using HttpResponseMessage answer = new();
        answer.Headers.TryAddWithoutValidation("Retry-After", ["later", "20", "30"]);

        Assert.Equal(20, RetryAfter.Of(answer.Headers, Now)?.TotalSeconds);
    }

    [Theory]
    [InlineData(int.MinValue, 0)]
    [InlineData(7, 7)]
    [InlineData(int.MaxValue, 86400)]
    public void Seconds_are_kept_within_a_day(int given, int waits) => Assert.Equal(waits, RetryAfter.Seconds(given).TotalSeconds);
}
