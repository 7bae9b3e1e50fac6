using CsCheck;
using OrleansNotify.DeadLetters;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.DeadLetters;

/// <summary>The names that letters, groups and places have in the store and in cursors.</summary>
public sealed class LetterNamesTests
{
    private static readonly Gen<string> s_text = Gen.Char['!', '~'].Array[1, 40].Select(chars => new string(chars));

    [Fact]
    public void A_letter_is_read_back_from_its_member() => Gen.Select(s_text, Gen.Guid, Gen.Int[1, 99]).Sample((user, message, number) =>
    {
        LetterKey key = new(user, message, number);
        Assert.Equal(key, LetterKey.Parse(key.Format()));
        Assert.True(LetterKey.IsId(key.Field));
    });

    [Theory]
    [InlineData(null), InlineData(""), InlineData("-"), InlineData("019be2b6000070008000000000000001"), InlineData("019be2b6000070008000000000000001-")]
    [InlineData("019be2b6000070008000000000000001-x"), InlineData("x-1"), InlineData("019be2b6-0000-7000-8000-000000000001-1")]
    public void Other_texts_are_no_ids(string? text) => Assert.False(LetterKey.IsId(text));

    [Fact]
    public void A_group_is_read_back_from_its_name()
    {
        foreach (var channel in new Channel?[] { null, Channel.Push, Channel.Telegram, Channel.Email })
        {
            LetterGroup group = new(channel, "550 |5.1.1| no", "welcome");
            Assert.Equal(group, LetterGroup.Parse(group.Format()));
        }

        Assert.Equal(new LetterGroup(Channel.Email, "r", "welcome"), LetterGroup.Of(World.Message with { Channel = Channel.Email, Reason = "r", TemplateName = "welcome" }));
    }

    [Theory]
    [InlineData(null, null, null, true), InlineData(Channel.Email, null, null, true), InlineData(Channel.Email, "r", "t", true)]
    [InlineData(Channel.Push, "r", "t", false), InlineData(Channel.Email, "x", null, false), InlineData(null, null, "x", false)]
    public void A_filter_takes_a_group_by_any_part(Channel? channel, string? reason, string? template, bool takes) =>
        Assert.Equal(takes, new LetterGroup(Channel.Email, "r", "t").IsIn(new DeadLetterFilter { Channel = channel, Reason = reason, TemplateName = template }));

    [Fact]
    public void A_place_is_read_back_from_its_cursor() => Gen.Select(Gen.Long[0, long.MaxValue], s_text).Sample((score, member) =>
    {
        LetterPlace place = new(score, member);
        Assert.Equal(place, LetterPlace.Parse(place.Format()));
        Assert.Matches("^[A-Za-z0-9_-]+$", place.Format());
    });

    [Theory]
    [InlineData(""), InlineData("%"), InlineData("MQ"), InlineData("fHg"), InlineData("eHx5"), InlineData("LTF8eA")]
    public void Other_texts_are_no_cursors(string text) => Assert.Null(LetterPlace.Parse(text));

    [Fact]
    public void Places_are_in_the_order_of_the_store()
    {
        Assert.True(new LetterPlace(1, "b").CompareTo(new LetterPlace(2, "a")) < 0);
        Assert.True(new LetterPlace(2, "B").CompareTo(new LetterPlace(2, "a")) < 0);
    }
}
