using System.Net.Http.Headers;
using OrleansNotify.Channels.Push;

namespace OrleansNotify.Tests.Channels.Push;

public sealed class PushAnswerTests
{
    private const string Windows = "wns2-am3p.notify.windows.com", Google = "fcm.googleapis.com";
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData(200, Google, null, true, "Sent", "", null)]
    [InlineData(201, Google, null, true, "Sent", "", null)]
    [InlineData(202, Google, null, false, "Sent", "", null)]
    [InlineData(204, Google, null, true, "Retry", "unlisted", null)]
    [InlineData(302, Google, null, true, "Retry", "unlisted", null)]
    [InlineData(400, Google, null, true, "Rejected", "400", null)]
    [InlineData(401, Google, null, true, "ChannelFault", "401", null)]
    [InlineData(401, Google, null, false, "Rejected", "other_vapid_key", null)]
    [InlineData(403, Google, null, true, "ChannelFault", "403", null)]
    [InlineData(403, Google, null, false, "Rejected", "other_vapid_key", null)]
    [InlineData(404, Google, null, true, "AddressGone", "404", null)]
    [InlineData(406, Google, 5, true, "Retry", "unlisted", null)]
    [InlineData(406, "notify.windows.com.evil.example", 5, true, "Retry", "unlisted", null)]
    [InlineData(406, Windows, null, true, "Busy", "406", 60)]
    [InlineData(406, Windows, 5, true, "Busy", "406", 5)]
    [InlineData(410, Google, null, false, "AddressGone", "410", null)]
    [InlineData(413, Google, null, true, "Rejected", "413", null)]
    [InlineData(429, Google, null, true, "Busy", "429", null)]
    [InlineData(429, Google, 30, true, "Busy", "429", 30)]
    [InlineData(499, Google, null, true, "Retry", "unlisted", null)]
    [InlineData(500, Google, 30, true, "Retry", "5xx", null)]
    [InlineData(503, Windows, null, true, "Retry", "5xx", null)]
    public void Status_service_and_key_decide(int status, string host, int? retryAfter, bool ourKey, string kind, string reason, int? waits)
    {
        var answer = PushAnswer.Read(status, host, retryAfter is { } given ? TimeSpan.FromSeconds(given) : null, ourKey);

        Assert.Equal((kind, reason, (double?)waits), (answer.Kind.ToString(), answer.Reason, answer.RetryAfter?.TotalSeconds));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData("Wed, 04 Mar 2026 05:06:37 GMT", 30)]
    [InlineData("Wed, 04 Mar 2026 05:06:07 GMT", 0)]
    [InlineData("Tue, 03 Mar 2026 05:06:07 GMT", 0)]
    public void A_wait_is_given_in_seconds_or_as_a_date(string? header, int? seconds) => Assert.Equal(
        seconds, PushAnswer.WaitOf(header is null ? null : RetryConditionHeaderValue.Parse(header), Now)?.TotalSeconds);
}
