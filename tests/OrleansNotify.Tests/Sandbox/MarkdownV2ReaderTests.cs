using System.Text.RegularExpressions;
using CsCheck;
using OrleansNotify.Sandbox.Telegram;

namespace OrleansNotify.Tests.Sandbox;

/// <summary>
/// Holds the sandbox to what the Bot API does with a text. The tables are of the Bot API's rules, not of what our templates happen to make.
/// </summary>
public sealed partial class MarkdownV2ReaderTests
{
    /// <summary>Texts that Telegram takes, and how it shows them.</summary>
    public static TheoryData<string, string> Taken => new()
    {
        { "", "" },
        { "plain text, with: a \"quote\"", "plain text, with: a &quot;quote&quot;" },
        { @"\_\*\[\]\(\)\~\`\>\#\+\-\=\|\{\}\.\!", "_*[]()~`&gt;#+-=|{}.!" },
        { @"\a\\\~", @"a\~" },
        { @"a\", @"a\" },
        { "a\\\u044f", "a\\\u044f" },
        { "a\\\nb", "a\nb" },
        { "*b*_i_~s~`c`", "<b>b</b><i>i</i><s>s</s><code>c</code>" },
        { "__u__ ||s||", "<u>u</u> <tg-spoiler>s</tg-spoiler>" },
        { "*a _b_ c*", "<b>a <i>b</i> c</b>" },
        { "*a\nb*", "<b>a\nb</b>" },
        { "*b _i __u___*", "<b>b <i>i <u>u</u></i></b>" },
        { "_a __b___", "<i>a <u>b</u></i>" },
        { "__a _b_\r__", "<u>a <i>b</i>\r</u>" },
        { "**", "" },
        { "*_x_*", "<b><i>x</i></b>" },
        { "`a*b_c\\`d`", "<code>a*b_c`d</code>" },
        { "`a\\\\b`", @"<code>a\b</code>" },
        { "```\nx = [1]\n```", "<pre>x = [1]\n</pre>" },
        { "```c\nx\n```", "<pre><code class=\"language-c\">x\n</code></pre>" },
        { "```c x```", "<pre><code class=\"language-c\"> x</code></pre>" },
        { "```x```", "<pre>x</pre>" },
        { "```\r\nx```", "<pre>x</pre>" },
        { "```\n\nx```", "<pre>\nx</pre>" },
        { "```a`b`c ```", "<pre>a<code>b</code>c </pre>" },
        { "[t](https://e.example/a?b=c&d)", "<a href=\"https://e.example/a?b=c&amp;d\">t</a>" },
        { @"[t](https://e.example/\)\\)", @"<a href=""https://e.example/)\"">t</a>" },
        { "[*b*](tg://user?id=7)", "<a href=\"tg://user?id=7\"><b>b</b></a>" },
        { @"[e\.example]", "<a href=\"http://e.example\">e.example</a>" },
        { "[t](javascript:alert)", "t" },
        { "[t](ftp://e.example/)", "t" },
        { "[t](https://localhost/)", "t" },
        { "[t]()", "t" },
        { "[](https://e.example)", "" },
        { "![x](tg://emoji?id=5368324170671202286)", "x" },
        { "![x](tg://time?unix=1700000000)", "x" },
        { ">q", "<blockquote>q</blockquote>" },
        { ">q\nt", "<blockquote>q\n</blockquote>t" },
        { ">q\n>*r*\nt", "<blockquote>q\n<b>r</b>\n</blockquote>t" },
        { "t\n>q", "t\n<blockquote>q</blockquote>" },
        { "t\n\r>q", "t\n\r<blockquote>q</blockquote>" },
        { "*>q\n*t", "<b><blockquote>q\n</blockquote></b>t" },
        { ">q||", "<blockquote>q</blockquote>" },
        { ">q||\nt", "<blockquote>q\n</blockquote>t" },
        { ">q\n\n>r", "<blockquote>q\n</blockquote>\n<blockquote>r</blockquote>" },
        { "a\n>>b", "a\n<blockquote>b</blockquote>" },
        { ">`a\nb`", "<blockquote><code>a\nb</code></blockquote>" },
        { "\ud83d\ude00*b*", "&#128512;<b>b</b>" },
    };

    [Theory, MemberData(nameof(Taken))]
    public void What_Telegram_takes_is_shown(string source, string html) => Assert.Equal(html, MarkdownV2Reader.Read(source).ToHtml());

    /// <summary>Texts that Telegram refuses, and what it says.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "*b", Unclosed("Bold", 0) },
        { "a_b", Unclosed("Italic", 1) },
        { "__u_", Unclosed("Italic", 3) },
        { "~", Unclosed("Strikethrough", 0) },
        { "||s|", "Character '|' is reserved and must be escaped with the preceding '\\'" },
        { "||s", Unclosed("Spoiler", 0) },
        { "`c", Unclosed("Code", 0) },
        { "```c", Unclosed("Pre", 0) },
        { "```c ``", Unclosed("PreCode", 0) },
        { "```x``", Unclosed("Pre", 0) },
        { "[t", Unclosed("TextUrl", 0) },
        { "![t", Unclosed("CustomEmoji", 0) },
        { "\u044f*b", Unclosed("Bold", 2) },
        { "\ud83d\ude00_", Unclosed("Italic", 4) },
        { @"\*\*_x", Unclosed("Italic", 4) },
        { "_a *b_ c*", Unclosed("Bold", 8) },
        { "*__*", Unclosed("Bold", 3) },
        { "*>q*", Unclosed("Bold", 3) },
        { ">*q\nt", Unclosed("Bold", 1) },
        { ">||q\nt", Unclosed("Spoiler", 1) },
        { "||\n", Unclosed("Spoiler", 0) },
        { "[t](https://e.example", "Can't find end of a URL at byte offset 4" },
        { "\u044f[t](", "Can't find end of a URL at byte offset 6" },
        { "![x](tg://emoji?id=1", "Can't find end of a URL at byte offset 5" },
        { "![x]", "The entity must contain a tg://emoji or tg://time URL" },
        { "![x](https://e.example)", "Invalid tg://emoji or tg://time URL specified" },
        { "![x](tg://emoji?id=)", "Invalid tg://emoji or tg://time URL specified" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_Telegram_refuses_is_refused_in_its_words(string source, string reason) =>
        Assert.Equal(reason, Assert.Throws<FormatException>(() => MarkdownV2Reader.Read(source)).Message);

    [Theory]
    [InlineData(']'), InlineData('('), InlineData(')'), InlineData('>'), InlineData('#'), InlineData('+'), InlineData('-'), InlineData('=')]
    [InlineData('|'), InlineData('{'), InlineData('}'), InlineData('.'), InlineData('!')]
    public void A_reserved_character_is_refused_wherever_it_means_nothing(char character)
    {
        foreach (var source in new[] { $"a{character}b", $"*a{character}b*", $"[a{character}b" })
        {
            if (source[0] == '[' && character == ']') continue;
            var fault = Assert.Throws<FormatException>(() => MarkdownV2Reader.Read(source));
            Assert.Equal($"Character '{character}' is reserved and must be escaped with the preceding '\\'", fault.Message);
        }
    }

    [Fact]
    public void Whatever_is_escaped_is_read_as_it_was_in_each_context() => Gen.String.Sample(text =>
    {
        var escaped = Special().Replace(text, @"\$0");
        Assert.Equal(text, MarkdownV2Reader.Read(escaped).Plain);
        Assert.Equal($"a{text}b", MarkdownV2Reader.Read($"*a{escaped}b*").Plain);
        Assert.Equal($"a{text}b", MarkdownV2Reader.Read($"`a{escaped}b`").Plain);
        Assert.Equal($"tg://{text}", Assert.Single(MarkdownV2Reader.Read($"[t](tg://{escaped})").Entities).Argument);
    });

    [Fact]
    public void Offsets_are_in_UTF_16_units()
    {
        var bold = Assert.Single(MarkdownV2Reader.Read("\ud83d\ude00\u044f*b\ud83d\ude00*").Entities);
        Assert.Equal((EntityKind.Bold, 3, 3), (bold.Kind, bold.Offset, bold.Length));
    }

    private static string Unclosed(string kind, int offset) => $"Can't find end of {kind} entity at byte offset {offset}";

    [GeneratedRegex(@"[_*\[\]()~`>#+\-=|{}.!\\]")]
    private static partial Regex Special();
}
