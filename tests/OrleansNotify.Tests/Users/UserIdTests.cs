using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class UserIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("!~")]
    [InlineData("user:42/é", false)]
    [InlineData("user:42/x@b.example")]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("a\u007f", false)]
    public void An_id_is_printable_ASCII_without_spaces(string? id, bool valid = true) => Assert.Equal(valid, UserId.IsValid(id));

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.True(UserId.IsValid(new string('a', 128)));
        Assert.False(UserId.IsValid(new string('a', 129)));
    }
}
