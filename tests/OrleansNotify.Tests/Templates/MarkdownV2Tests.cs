using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>Texts that Telegram's server is known to accept or to refuse, each with the rule that says so.</summary>
public sealed class MarkdownV2Tests
{
    public static TheoryData<string, string, string> Accepted => new()
    {
        { "plain text needs nothing", "Price 1, now: 2 / 3; a@b & <c \"d\" 'e' $5 100% ^", "Price 1, now: 2 / 3; a@b & <c \"d\" 'e' $5 100% ^" },
        { "any character from 1 to 126 may be escaped", @"\_\*\[\]\(\)\~\`\>\#\+\-\=\|\{\}\.\!\\\a\ ", "_*[]()~`>#+-=|{}.!\\a " },
        { "a backslash before anything else is itself", "\\é and at the end \\", "\\é and at the end \\" },
        { "bold, italic, underline, strike, spoiler", "*b* _i_ __u__ ~s~ ||h||", "b i u s h" },
        { "formats nest", "*b _i __u__ ~s~ ||h||_*", "b i u s h" },
        { "__ is read before _", "__u__", "u" },
        { "italic in underline is told apart by something between", "__u _i_\r__", "u i\r" },
        { "an empty format is dropped", "a ** b", "a  b" },
        { "in code a backtick alone is special", "`a_*[]()~>#+-=|{}.!`", "a_*[]()~>#+-=|{}.!" },
        { "in code a backslash escapes", @"`a\`b\\c\.`", "a`b\\c." },
        { "in a block everything but backticks is text", "```\na_*.!\nb```", "a_*.!\nb" },
        { "the word after the fence is the language", "```python\nx = 1```", "x = 1" },
        { "any white space ends the language", "```a b``` ```a\tb``` ```a\vb``` ```a\rb```", " b \tb \vb b" },
        { "a word that ends with the fence is text", "```word```", "word" },
        { "one line break after the fence is dropped, in any form", "```\r\na``` ```\n\ra``` ```\ra```", "a a a" },
        { "a lone backtick in a block begins code", "```\na `b` c```", "a b c" },
        { "a link", "[text](https://a.example/?q=1)", "text" },
        { "in an address ) and \\ alone are special", @"[a](https://b.example/_*~\)\\x)", "a" },
        { "a text in brackets alone is its own address", @"[https://a\.example]", "https://a.example" },
        { "a link without a text is dropped", "a[](https://b.example)", "a" },
        { "a mention", "[a](tg://user?id=123)", "a" },
        { "a custom emoji", "![👍](tg://emoji?id=5368324170671202286)", "👍" },
        { "> at the beginning of a line begins a quotation", ">a\n>b\nc", "a\nb\nc" },
        { "> after an escaped line break begins one too", "a\\\n>b", "a\nb" },
        { "a carriage return does not end the beginning of a line", "\r>a", "\ra" },
        { ">> is one quotation", ">>a", "a" },
        { "a quotation may end with the text", "a\n>b", "a\nb" },
        { "|| at its end folds a quotation", ">a\n>b||\nc", "a\nb\nc" },
        { "|| at its end and the text's folds it too", ">a||", "a" },
        { "a format within a quotation's line", ">*a* _b_", "a b" },
        { "an escaped line break stays within a format in a quotation", ">*a\\\nb*", "a\nb" },
        { "emoji and other scripts are text", "⚠️ 日本語 👨‍👩‍👧", "⚠️ 日本語 👨‍👩‍👧" },
    };

    public static TheoryData<string, string, int> Refused => new()
    {
        { "the 18 reserved characters: . ", "1.5", 1 },
        { "the 18 reserved characters: !", "now!", 3 },
        { "the 18 reserved characters: -", "-1", 0 },
        { "the 18 reserved characters: +", "+1", 0 },
        { "the 18 reserved characters: =", "a=b", 1 },
        { "the 18 reserved characters: #", "#1", 0 },
        { "the 18 reserved characters: {", "{a", 0 },
        { "the 18 reserved characters: }", "a}", 1 },
        { "the 18 reserved characters: (", "(a", 0 },
        { "the 18 reserved characters: )", "a)", 1 },
        { "the 18 reserved characters: ]", "a]", 1 },
        { "one | is reserved", "a|b", 1 },
        { "> within a line is reserved", "a > b", 2 },
        { "a format needs its end: *", "a *b", 2 },
        { "a format needs its end: _", "a _b", 2 },
        { "a format needs its end: ~", "a ~b", 2 },
        { "a format needs its end: __", "__b_", 3 },
        { "a format needs its end: ||", "||b", 0 },
        { "a spoiler is not ended by one |", "||b|", 3 },
        { "a format needs its end: `", "a `b", 2 },
        { "a format needs its end: ```", "a ```b`", 6 },
        { "a format needs its end: ``` and a word", "```word", 0 },
        { "___ is underline, then italic", "___a__", 4 },
        { "formats end in the order of their beginnings", "*a _b* c_", 8 },
        { "a link needs its end", "[a", 0 },
        { "an address needs its end", "[a](b", 3 },
        { "an address does not end with an escaped )", @"[a](b\)", 3 },
        { "a text within a link is text", "[a.b](https://c.example)", 2 },
        { "a custom emoji needs an address", "![a]", 4 },
        { "a custom emoji's address is of its own kind", "![a](https://b.example)", 23 },
        { "a custom emoji has a number", "![a](tg://emoji?id=x)", 21 },
        { "a line break ends a quotation and what is open in it", ">*a\nb*", 1 },
        { "the text's end ends a quotation and what is open in it", ">*a", 1 },
        { "a quotation does not end within a format around it", "*\n>a*", 4 },
        { "a spoiler that folds closes nothing else", ">*a||\n*", 1 },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Telegram_accepts(string rule, string source, string text)
    {
        var reading = MarkdownV2.Read(source);

        Assert.True(reading.Error is null, $"{rule}: {reading.Error}");
        Assert.Equal(text, reading.Text);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Telegram_refuses(string rule, string source, int offset)
    {
        var reading = MarkdownV2.Read(source);

        Assert.True(reading.Error is not null, rule);
        Assert.Equal(offset, reading.Offset);
    }

    [Theory]
    [InlineData("*a* _b_ __c__ ~d~ ||e|| `f` [g](https://h.example)", "biushcl")]
    [InlineData("```a``` ```b c``` ![d](tg://emoji?id=1)\n>e\nf", "pp+beq")]
    public void The_shape_is_a_sign_for_each_format(string source, string shape) => Assert.Equal(shape, MarkdownV2.Read(source).Shape);

    [Fact]
    public void The_addresses_of_links_are_unescaped() =>
        Assert.Equal(["https://a.example/b_(c)", "d.e"], MarkdownV2.Read(@"[x](https://a\.example/b\_\(c\)) [d\.e]").Links);
}
