using CsCheck;
using OrleansNotify.Sandbox.Smtp;

namespace OrleansNotify.Tests.Sandbox.Smtp;

public sealed class SmtpServerFuzzTests
{
    private static readonly string[] Pieces =
    [
        "EHLO x\r\n", "HELO x\r\n", "MAIL FROM:<a@b.example>\r\n", "MAIL FROM:<", "RCPT TO:<c@d.example>\r\n", "RCPT TO:<c@d.example> X=Y\r\n", "DATA\r\n",
        "A: b\r\n", " folded\r\n", "\r\n", "\n", "\r", ".", ".\r\n", "\r\n.\r\n", "\n.\n", "\n.\r\n", "\r.\r\n", "RSET\r\n", "NOOP\r\n", "AUTH PLAIN\r\n",
        "AUTH LOGIN AAAA\r\n", "*\r\n", "STARTTLS\r\n", "\0", "\u00ff", new string('x', 1500), new string('x', 20_000), "BDAT 10 LAST\r\n",
    ];

    private static readonly Gen<string> Babble = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]),
        Gen.String[Gen.Char['\0', '\u00ff'], 0, 40]).Array[0, 40].Select(string.Concat);

    // Mostly sound; a line too long, a dot or a piece of babble in between.
    private static readonly Gen<string> Letter = Gen.Select(
        Gen.OneOf(Gen.String[Gen.Char[' ', '\u00ff'], 0, 80], Gen.String[Gen.Char["."], 0, 3], Gen.Const(""), Gen.Int[990, 1005].Select(n => new string('.', n)))
            .Array[0, 20],
        Gen.Frequency((9, Gen.Const("")), (1, Babble)),
        (lines, babble) => "A: b\r\n\r\n" + string.Join("\r\n", lines) + babble);

    [Fact]
    public async Task No_babble_throws_the_server_out_of_its_loop()
    {
        // The end of the server ends with the fault of any of its conversations.
        var rig = await SmtpServerRig.Start(new SmtpServerOptions { User = "alerts", MaxErrors = 10, MaxMessageBytes = 5000 });
        await Babble.SampleAsync(
            async text =>
            {
                using var talk = await SmtpTalk.Connect(rig.Server.Port);
                await talk.SendsAll(text);
                while ((await talk.Reads()) is { Length: > 0 } answer) Assert.Matches("^[2-5][0-9][0-9][ -]", answer);
            },
            iter: Fuzz.Times(1000),
            threads: 4);

        using (var after = await SmtpTalk.Greet(rig.Server.Port)) Assert.StartsWith("250 ", await after.Says("NOOP"));
        await rig.DisposeAsync();
        Assert.Empty(rig.Mails);
    }

    [Fact]
    public async Task A_message_is_taken_whole_and_as_it_was_or_not_at_all()
    {
        await using var rig = await SmtpServerRig.Start(new SmtpServerOptions { MaxErrors = int.MaxValue, MaxMessageBytes = 10_000 });
        var taken = 0;
        await Gen.OneOf(Babble, Letter).SampleAsync(
            async text =>
            {
                using var talk = await SmtpTalk.Greet(rig.Server.Port);
                await talk.OpensMessage("c@d.example");
                var lines = text.Split("\r\n").Select(line => line.StartsWith('.') ? "." + line : line);

                var answer = await talk.Says(string.Join("\r\n", lines) + "\r\n.");

                Assert.StartsWith("250 2.0.0 Ok", await talk.Says("NOOP"));
                Assert.Equal(IsSound(text + "\r\n"), answer.StartsWith("250 ", StringComparison.Ordinal));
                if (answer[0] == '2') Assert.Equal(text + "\r\n", rig.Mails[^1]);
                Assert.Equal(answer[0] == '2' ? ++taken : taken, rig.Inbox.Count);
            },
            iter: Fuzz.Times(2000),
            threads: 1);
        Assert.NotEqual(0, taken);
    }

    private static bool IsSound(string message)
    {
        var lines = message[..^2].Split("\r\n");
        var header = lines.TakeWhile(line => line.Length > 0).ToArray();
        return message.Length <= 10_000
            && lines.All(line => line.Length <= 998 && !line.AsSpan().ContainsAny('\r', '\n', '\0'))
            && header.Length > 0
            && header[0][0] is not (' ' or '\t')
            && header.All(line => line.All(c => c < 128) && (line[0] is ' ' or '\t' || IsField(line)));
    }

    private static bool IsField(string line) => line.IndexOf(':') is var colon and > 0 && line[..colon].All(c => c is > ' ' and <= '~');
}
