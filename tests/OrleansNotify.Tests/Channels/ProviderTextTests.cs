using System.Globalization;
using System.Text;
using CsCheck;
using OrleansNotify.Channels;

namespace OrleansNotify.Tests.Channels;

public sealed class ProviderTextTests
{
    [Fact]
    public void It_is_one_short_line_that_prints() =>
        Gen.Select(Gen.String, Gen.Int[0, 50]).Sample((text, repeat) =>
        {
            var clean = ProviderText.Clean(string.Concat(Enumerable.Repeat(text, repeat)));

            Assert.InRange(clean.Length, 0, 300);
            Assert.All(clean.EnumerateRunes(), rune => Assert.False(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
        });

    [Fact]
    public void A_cut_leaves_no_half_character()
    {
        var clean = ProviderText.Clean("x" + string.Concat(Enumerable.Repeat("\ud83d\udea8", 200)));

        Assert.Equal(299, clean.Length);
        Assert.EndsWith("\ud83d\udea8", clean, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_is_to_read_is_taken_out_however_it_is_written() =>
        Assert.Equal("no *** and *** here", ProviderText.Clean("no Secret and bob@x here", "sEcret", null, "BOB@X"));
}
