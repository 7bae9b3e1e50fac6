using System.Runtime.CompilerServices;
using CsCheck;
using MimeKit;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class MailComposerTests
{
    private static readonly string[] Attacks =
    [
        "x\r\nBcc: eve@mail.example",
        "\r\n\r\nbody",
        "\r\n.\r\nMAIL FROM:<eve@mail.example>\r\n",
        "\n.\n",
        ".",
        "..",
        ".\r\n.",
        "--=_",
        "=?utf-8?q?=0D=0ABcc:_eve@mail.example?=",
        new string('x', 5000),
        new string('\u00e4', 5000),
        string.Concat(Enumerable.Repeat("ab ", 2000)),
    ];

    [Fact]
    public async Task A_mail_has_a_text_and_a_page_and_says_that_a_machine_wrote_it()
    {
        await using var rig = await EmailRig.Start(with: options => options with { From = "\u00c4lerts \"R\u0026D\" <alerts@notify.example>" });
        var job = rig.Job(vars: new { subject = "\u26a0\ufe0f Stop loss", body = "Loss: \u20ac5 < \u20ac6\n.\n.dot" });

        await rig.Send(job);

        var mail = rig.Read();
        Assert.Equal("\u26a0\ufe0f Stop loss", mail.Subject);
        var from = Assert.Single(mail.From.Mailboxes);
        Assert.Equal("alerts@notify.example", from.Address);
        Assert.Equal(EmailRig.To, Assert.Single(mail.To.Mailboxes).Address);
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal($"{job.MessageId:N}@notify.example", mail.MessageId);
        Assert.Equal(rig.Clock.Start.ToUnixTimeSeconds(), mail.Date.ToUnixTimeSeconds());
        Assert.False(mail.Headers.Contains(HeaderId.ListUnsubscribe));
        var body = Assert.IsType<MultipartAlternative>(mail.Body);
        Assert.Equal(["text/plain", "text/html"], body.Select(part => part.ContentType.MimeType));
        Assert.All(body.Cast<TextPart>(), part => Assert.Equal("utf-8", part.ContentType.Charset));
        Assert.Equal("Loss: \u20ac5 < \u20ac6\n.\n.dot", mail.TextBody);
        Assert.StartsWith("<p>Loss: \u20ac5 &lt; \u20ac6", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_international_domain_is_written_in_ASCII()
    {
        await using var rig = await EmailRig.Start(with: options => options with { From = "Alerts <alerts@m\u00fcnchen.example>" });
        var job = rig.Job(to: "bob@m\u00fcnchen.example");

        Assert.Equal(OutcomeKind.Sent, (await rig.Send(job)).Kind);

        Assert.Equal(("alerts@xn--mnchen-3ya.example", "bob@xn--mnchen-3ya.example"), (rig.Mails[0].From, rig.Mails[0].To));
        Assert.Equal($"{job.MessageId:N}@xn--mnchen-3ya.example", rig.Read().MessageId);
        Assert.All(rig.Raw(), c => Assert.InRange(c, '\0', '~'));
    }

    [Fact]
    public async Task A_type_that_one_may_unsubscribe_from_carries_the_one_click_link()
    {
        await using var rig = await EmailRig.Start();

        await rig.Send(rig.Job("lesson"));

        var mail = rig.Read();
        var link = mail.Headers[HeaderId.ListUnsubscribe]!;
        Assert.StartsWith("<https://notify.example/unsubscribe/", link);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers[HeaderId.ListUnsubscribePost]);
        Assert.Contains($"\"{link.Trim('<', '>')}\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.True(rig.Links.TryRead(link.Trim('<', '>').Split('/')[^1], out var user, out var type));
        Assert.Equal(("u-1", "education"), (user, type));
    }

    [Fact]
    public async Task Each_attempt_of_a_message_sends_the_same_mail()
    {
        await using var rig = await EmailRig.Start();
        var job = rig.Job();

        await rig.Send(job);
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        await rig.Send(job);

        Assert.Equal(rig.Mails[0].Raw.ToArray(), rig.Mails[1].Raw.ToArray());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(59, 0)]
    [InlineData(60, 60)]
    [InlineData(3000, 3000)]
    public async Task A_mail_that_waited_long_has_the_date_of_its_going_out(int minutesAfterAccept, int minutesOfDate)
    {
        await using var rig = await EmailRig.Start();
        var job = rig.Job();
        rig.Clock.Advance(TimeSpan.FromMinutes(minutesAfterAccept));

        await rig.Send(job);

        Assert.Equal(rig.Clock.Start.AddMinutes(minutesOfDate).ToUnixTimeSeconds(), rig.Read().Date.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task A_derived_message_id_holds_no_date()
    {
        await using var rig = await EmailRig.Start();
        Guid derived = new("0a0b0c0d-0e0f-8000-8000-000000000001");

        await rig.Send(rig.Job() with { MessageId = derived });

        Assert.Equal(rig.Clock.Start.ToUnixTimeSeconds(), rig.Read().Date.ToUnixTimeSeconds());
        Assert.Equal("0a0b0c0d0e0f80008000000000000001@notify.example", rig.Read().MessageId);
    }

    [Fact]
    public async Task Whatever_the_variables_hold_no_header_no_part_and_no_command_is_added()
    {
        await using var rig = await EmailRig.Start();
        var hostile = Gen.OneOf(
            Gen.String[0, 200],
            Gen.String[Gen.Char["a \r\n\0\t.:<>\"\\=?\u0085\u2028\u00e4\u20ac\ud83d\udea8\ud800"], 0, 400],
            Gen.Int[0, Attacks.Length - 1].Select(i => Attacks[i]));
        var sent = 0;
        await Gen.Select(hostile, hostile).SampleAsync(async (subject, body) =>
        {
            var job = rig.Job(vars: new { subject = Whole(subject), body = Whole(body) });
            await rig.Send(job with { MessageId = new Guid(++sent, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0) });

            Assert.Equal(sent, rig.Mails.Length);
            var raw = rig.Raw();
            Assert.All(raw, c => Assert.True(c is '\r' or '\n' or '\t' or (>= ' ' and <= '~'), $"character {(int)c}"));
            Assert.All(raw.Split("\r\n"), line => Assert.True(line.Length <= 998 && !line.Contains('\n') && !line.Contains('\r'), line));
            var mail = rig.Read();
            Assert.Equal(
                ["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-Id", "Subject", "To"],
                mail.Headers.Select(header => header.Field).Append("Content-Type").Order(StringComparer.Ordinal).ToArray());
            Assert.Equal(2, Assert.IsType<MultipartAlternative>(mail.Body).Count);
            var content = job.Template.RenderEmail(job.Vars, job.Locale, null);
            Assert.Equal(content.Text.ReplaceLineEndings("\n"), mail.TextBody);
            Assert.Equal(content.Html.ReplaceLineEndings("\n"), mail.HtmlBody);
            Assert.Equal(content.Subject, (mail.Subject ?? "").Replace("\u200b", "", StringComparison.Ordinal));
        }, iter: 1500, threads: 1);

        // Half a surrogate pair is no JSON: it never gets as far as a template.
        static string Whole(string text) => string.Concat(text.EnumerateRunes());
    }

    [Fact]
    public async Task A_mail_that_was_sent_is_kept_by_nobody()
    {
        await using var rig = await EmailRig.Start();
        MailComposer composer = new("alerts@notify.example", "https://notify.example", rig.Links, rig.Clock);
        var mail = Compose();

        GC.Collect();

        Assert.False(mail.IsAlive);
        GC.KeepAlive(composer);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference Compose() => new(composer.Compose(rig.Job(), EmailRig.To));
    }
}
