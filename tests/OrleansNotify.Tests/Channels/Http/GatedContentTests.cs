using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Channels.Http;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Channels.Http;

public sealed class GatedContentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Within_the_turn_the_body_is_written_as_it_is()
    {
        await using TurnGate gate = new(Turn.Unlimited, TimeProvider.System, Cancellation);
        using GatedContent content = new("text"u8.ToArray(), "application/json", gate);
        using MemoryStream written = new();

        Assert.Equal(4, content.Headers.ContentLength);
        Assert.Equal("application/json", content.Headers.ContentType?.ToString());
        Assert.False(content.WasWritten);
        await content.CopyToAsync(written, Cancellation);
        Assert.Equal("text"u8, written.ToArray());
        Assert.True(content.WasWritten);
    }

    [Fact]
    public async Task After_the_turn_nothing_is_written()
    {
        FakeTimeProvider clock = new();
        await using TurnGate gate = new(new Turn(clock, TimeSpan.FromMilliseconds(50)), clock, Cancellation);
        using GatedContent content = new("text"u8.ToArray(), "application/json", gate);
        using MemoryStream written = new();
        clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<HttpRequestException>(() => content.CopyToAsync(written, Cancellation));
        Assert.Equal(0, written.Length);
        Assert.False(content.WasWritten);
    }
}
