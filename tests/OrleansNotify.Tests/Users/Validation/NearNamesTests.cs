using OrleansNotify.Users.Validation;

namespace OrleansNotify.Tests.Users.Validation;

public class NearNamesTests
{
    [Theory]
    [InlineData("kitten", "sitting mitten kitchen", "mitten kitchen sitting")]
    [InlineData("abc", "abc abcd ab xabc", "abc ab abcd xabc")]
    [InlineData("", "aaa b cc", "b cc aaa")]
    [InlineData("ab", "ba aa", "aa ba")]
    public void The_nearest_comes_first_and_equals_come_by_name(string name, string known, string expected) =>
        Assert.Equal(expected.Split(' '), NearNames.Of(name, known.Split(' ')));

    [Fact]
    public void There_are_at_most_five() =>
        Assert.Equal(["a1", "a2", "a3", "a4", "a5"], NearNames.Of("a", ["a6", "a5", "a4", "a3", "a2", "a1"]));

    [Fact]
    public void Nothing_is_near_where_nothing_is_known() => Assert.Empty(NearNames.Of("a", []));
}
