using CsCheck;
using OrleansNotify.Sandbox.Telegram;
using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>Whatever a text holds: our checker and the receiver's, which were written apart, say the same of it.</summary>
public sealed class MarkdownFuzzTests
{
    private static readonly string[] s_parts =
    [
        "*", "_", "__", "~", "||", "`", "```", "[", "]", "(", ")", "\\", ">", "**>", "!", "#", "+", "-", "=", "{", "}", ".", "|", "\n", "\r", "a", "b ", "\\*", "\\\\", "\\a",
        "[a](http://b.example)", "![e](tg://emoji?id=1)", "[u](tg://user?id=1)", "\u200b", "\ud83d\ude00", "\u202e", "\0",
    ];

    [Fact]
    public void Both_checkers_agree() => Gen.Int[0, s_parts.Length - 1].Select(at => s_parts[at]).Array[0, 14].Select(string.Concat).Sample(
        text => Assert.True(MarkdownV2.Read(text).Error is null == Accepts(text), text),
        iter: Fuzz.Times(20_000));

    private static bool Accepts(string text)
    {
        try
        {
            MarkdownV2Reader.Read(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
