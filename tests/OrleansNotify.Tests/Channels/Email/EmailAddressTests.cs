using CsCheck;
using MimeKit;
using OrleansNotify.Channels.Email;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("bob@mail.example", "bob@mail.example")]
    [InlineData("Bob.Smith+tag@Mail.EXAMPLE", "Bob.Smith+tag@mail.example")]
    [InlineData("!#$%&'*+/=?^_`{|}~-@a.b-c.example", "!#$%&'*+/=?^_`{|}~-@a.b-c.example")]
    [InlineData("bob@m\u00fcnchen.example", "bob@xn--mnchen-3ya.example")]
    [InlineData("bob@M\u00dcNCHEN.example", "bob@xn--mnchen-3ya.example")]
    [InlineData("bob@xn--mnchen-3ya.example", "bob@xn--mnchen-3ya.example")]
    [InlineData("bob@xn--strae-oqa.example", "bob@xn--strae-oqa.example")]
    [InlineData("bob@\u0939\u093f\u0928\u094d\u0926\u0940.example", "bob@xn--j2bd4cyah0f.example")]
    [InlineData("bob@\u4f8b\u3048\u3002\u30c6\u30b9\u30c8", "bob@xn--r8jz45g.xn--zckzah")]
    [InlineData("1@2.example", "1@2.example")]
    public void An_address_that_a_mail_can_be_sent_to_is_taken(string text, string expected)
    {
        Assert.True(EmailAddress.TryParse(text, out var address));
        Assert.Equal(expected, address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bob")]
    [InlineData("@mail.example")]
    [InlineData("bob@")]
    [InlineData("bob@localhost")]
    [InlineData("bob@127.0.0.1")]
    [InlineData("bob@[127.0.0.1]")]
    [InlineData("bob@mail.example.")]
    [InlineData("bob@.example")]
    [InlineData("bob@mail..example")]
    [InlineData("bob@-mail.example")]
    [InlineData("bob@mail-.example")]
    [InlineData("bob@mail_x.example")]
    [InlineData("bob@mail.x")]
    [InlineData("bob@mail.7example")]
    [InlineData(".bob@mail.example")]
    [InlineData("bob.@mail.example")]
    [InlineData("b..ob@mail.example")]
    [InlineData("b\u00f6b@mail.example")]
    [InlineData("\"bob\"@mail.example")]
    [InlineData("Bob <bob@mail.example>")]
    [InlineData("<bob@mail.example>")]
    [InlineData("bob@mail.example (Bob)")]
    [InlineData("bob@mail.example,eve@mail.example")]
    [InlineData("bob@mail.example@eve.example")]
    [InlineData(" bob@mail.example")]
    [InlineData("bob@mail.example ")]
    [InlineData("bob@mail.example\n")]
    [InlineData("bob@mail.example\r\nBcc: eve@mail.example")]
    [InlineData("bob\0@mail.example")]
    [InlineData("bob@mail\u200b.example")]
    [InlineData("bob@mu\u0308nchen.example")]
    [InlineData("bob@mail\u2024example.example")]
    [InlineData("bob@\u2460.example")]
    [InlineData("bob@m\ufffd.example")]
    [InlineData("bob@xn--\u00fc.example")]
    public void Anything_else_is_not(string? text)
    {
        Assert.False(EmailAddress.TryParse(text, out var address));
        Assert.Null(address);
    }

    [Theory]
    [InlineData(64, 63, true)]
    [InlineData(65, 63, false)]
    [InlineData(64, 64, false)]
    public void Its_parts_have_their_limits(int local, int label, bool taken) =>
        Assert.Equal(taken, EmailAddress.TryParse($"{new string('a', local)}@{new string('b', label)}.example", out _));

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    [InlineData(100_000, false)]
    public void The_whole_has_at_most_254_characters(int length, bool taken)
    {
        const string start = "a@", end = ".example";
        var labels = string.Concat(Enumerable.Repeat("b.", length));
        var text = start + labels[..(length - start.Length - end.Length - 1)].TrimEnd('.').PadRight(length - start.Length - end.Length, 'b') + end;
        Assert.Equal(length, text.Length);

        Assert.Equal(taken, EmailAddress.TryParse(text, out _));
    }

    [Fact]
    public void A_domain_that_grows_beyond_the_limit_in_ASCII_is_not_taken() =>
        Assert.False(EmailAddress.TryParse($"a@{string.Concat(Enumerable.Repeat("\u00fc.", 120))}example", out _));

    [Fact]
    public void Whatever_is_taken_goes_to_where_it_says()
    {
        var piece = Gen.OneOf(Gen.String[Gen.Char["abz09.@-+<>\"\\ \r\n\0\u00fc\u00df\u0130\u2024\u3002\uff20"], 0, 12], Gen.String[0, 8]);
        Gen.Select(piece, piece, Gen.OneOf(Gen.Const("example"), piece)).Sample((local, domain, top) =>
        {
            if (!EmailAddress.TryParse($"{local}@{domain}.{top}", out var address)) return;
            Assert.All(address!, c => Assert.InRange(c, '!', '~'));
            Assert.Equal(1, address!.Count(c => c == '@'));
            Assert.DoesNotContain(address, c => "<>\"()[]\\,;:".Contains(c));
            Assert.Equal(address, new MailboxAddress("", address).GetAddress(idnEncode: true));
            Assert.True(EmailAddress.TryParse(address, out var again));
            Assert.Equal(address, again);
        }, iter: 20_000);
    }
}
