using CsCheck;
using Microsoft.AspNetCore.DataProtection;
using OrleansNotify.Channels.Email;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class UnsubscribeLinksTests
{
    private readonly UnsubscribeLinks _links = new(new EphemeralDataProtectionProvider());

    [Theory]
    [InlineData("u-1", "education")]
    [InlineData("a:b/c?d=e&f", "two words")]
    [InlineData("u", "")]
    public void A_token_says_who_and_what(string userId, string type)
    {
        var token = _links.Create(userId, type);

        Assert.Matches("^[A-Za-z0-9_-]+$", token);
        Assert.InRange(token.Length, 1, 400);
        Assert.True(_links.TryRead(token, out var readUser, out var readType));
        Assert.Equal((userId, type), (readUser, readType));
    }

    [Fact]
    public void A_token_does_not_show_the_user() => Assert.NotEqual(_links.Create("u-1", "education"), _links.Create("u-1", "education"));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("u-1 education")]
    [InlineData("%00")]
    [InlineData("CfDJ8")]
    public void What_is_no_token_is_not_read(string token)
    {
        Assert.False(_links.TryRead(token, out var userId, out var type));
        Assert.Null(userId);
        Assert.Null(type);
    }

    [Fact]
    public void A_token_of_another_cluster_or_for_another_purpose_is_not_read()
    {
        EphemeralDataProtectionProvider other = new();
        Assert.False(_links.TryRead(new UnsubscribeLinks(other).Create("u-1", "education"), out _, out _));
        Assert.False(new UnsubscribeLinks(other).TryRead(other.CreateProtector("cookie").Protect("u-1 education"), out _, out _));
    }

    [Fact]
    public void A_token_that_was_changed_is_not_read()
    {
        var token = _links.Create("u-1", "education");
        Gen.Select(Gen.Int[0, token.Length - 2], Gen.Char["ABCXYZabcxyz0189-_"]).Sample((at, letter) =>
        {
            if (token[at] == letter) return;
            Assert.False(_links.TryRead(token[..at] + letter + token[(at + 1)..], out _, out _));
            Assert.False(_links.TryRead(token[..at], out _, out _));
        }, iter: 1000);
    }
}
