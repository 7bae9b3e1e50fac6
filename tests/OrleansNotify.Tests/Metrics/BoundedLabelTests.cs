using OrleansNotify.Metrics;

namespace OrleansNotify.Tests.Metrics;

public class BoundedLabelTests
{
    [Theory]
    [InlineData("timeout")]
    [InlineData("5.1.1")]
    [InlineData("http_503")]
    [InlineData("bad-gateway")]
    public void A_short_word_stays(string word) => Assert.Equal(word, new BoundedLabel(10).Of(word));

    [Theory]
    [InlineData("")]
    [InlineData("user a@b.example is unknown")]
    [InlineData("a@b.example")]
    [InlineData("naïve")]
    [InlineData("a\nb")]
    [InlineData("a_word_of_more_than_forty_characters_here")]
    public void Anything_else_is_other(string text) => Assert.Equal("other", new BoundedLabel(10).Of(text));

    [Fact]
    public void The_first_words_stay_and_all_later_ones_are_other()
    {
        BoundedLabel label = new(2);
        Assert.Equal("a b other a b", string.Join(' ', "a b c a b".Split(' ').Select(label.Of)));
    }

    [Fact]
    public void Words_that_come_at_once_are_bounded_too()
    {
        BoundedLabel label = new(100);
        var said = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 20_000, i => said.Add(label.Of($"word{i % 5000}")));
        // Each of the callers that count at the same moment may be one too many.
        Assert.InRange(said.Distinct().Count(), 101, 101 + Environment.ProcessorCount * 4);
    }
}
