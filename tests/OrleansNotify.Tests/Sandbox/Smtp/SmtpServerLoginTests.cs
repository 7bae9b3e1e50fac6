using System.Text;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;

namespace OrleansNotify.Tests.Sandbox.Smtp;

public sealed class SmtpServerLoginTests
{
    private static readonly SmtpServerOptions WithLogin = new() { User = "alerts", Password = "p\u00e4ss" };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("\0alerts\0p\u00e4ss", "235 2.7.0")]
    [InlineData("other\0alerts\0p\u00e4ss", "235 2.7.0")]
    [InlineData("\0alerts\0wrong", "535 5.7.8")]
    [InlineData("\0Alerts\0p\u00e4ss", "535 5.7.8")]
    [InlineData("\0alerts\0", "535 5.7.8")]
    [InlineData("alerts", "501 5.5.2")]
    [InlineData("\0alerts\0p\u00e4ss\0", "501 5.5.2")]
    public async Task Plain_takes_the_one_user(string credentials, string answer)
    {
        await using var rig = await SmtpServerRig.Start(WithLogin);
        using var talk = await SmtpTalk.Greet(rig.Server.Port);
        Assert.StartsWith(answer, await talk.Says($"AUTH PLAIN {Base64(credentials)}"));

        using var slower = await SmtpTalk.Greet(rig.Server.Port);
        Assert.Equal("334 ", await slower.Says("AUTH PLAIN"));
        Assert.StartsWith(answer, await slower.Says(Base64(credentials)));
    }

    [Fact]
    public async Task Login_asks_for_the_name_and_the_password()
    {
        await using var rig = await SmtpServerRig.Start(WithLogin);
        using var talk = await SmtpTalk.Connect(rig.Server.Port);
        await talk.Hears("220 ");
        Assert.EndsWith("\n250 AUTH PLAIN LOGIN", await talk.Says("EHLO test"), StringComparison.Ordinal);

        Assert.Equal($"334 {Base64("Username:")}", await talk.Says("AUTH LOGIN"));
        Assert.Equal($"334 {Base64("Password:")}", await talk.Says(Base64("alerts")));
        Assert.StartsWith("235 2.7.0", await talk.Says(Base64("p\u00e4ss")));

        Assert.StartsWith("503 5.5.1", await talk.Says("AUTH LOGIN"));
        await talk.OpensMessage("c@d.example");
    }

    [Theory]
    [InlineData("AUTH", "501 5.5.4")]
    [InlineData("AUTH PLAIN x y", "501 5.5.4")]
    [InlineData("AUTH PLAIN !!!", "501 5.5.2")]
    [InlineData("AUTH PLAIN =", "501 5.5.2")]
    [InlineData("AUTH LOGIN !!!", "501 5.5.2")]
    [InlineData("AUTH CRAM-MD5", "504 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example>", "530 5.7.0")]
    public async Task Without_a_login_there_is_no_mail(string line, string answer)
    {
        await using var rig = await SmtpServerRig.Start(WithLogin);
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        Assert.StartsWith(answer, await talk.Says(line));
        Assert.StartsWith("530 5.7.0", await talk.Says("MAIL FROM:<a@b.example>"));
    }

    [Theory]
    [InlineData("AUTH PLAIN")]
    [InlineData("AUTH LOGIN")]
    public async Task A_login_can_be_broken_off(string line)
    {
        await using var rig = await SmtpServerRig.Start(WithLogin);
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        Assert.StartsWith("334 ", await talk.Says(line));
        Assert.StartsWith("501 5.5.2", await talk.Says("*"));
        Assert.StartsWith("334 ", await talk.Says(line));
    }

    [Fact]
    public async Task A_fault_can_be_had_at_the_login()
    {
        await using var rig = await SmtpServerRig.Start(WithLogin);
        rig.Fault(SmtpStage.Auth, FaultKind.Reply, 454, "4.7.0 Later");
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        Assert.Equal("454 4.7.0 Later", await talk.Says("AUTH PLAIN"));
        Assert.Equal("334 ", await talk.Says("AUTH PLAIN"));
    }

    [Fact]
    public async Task Before_STARTTLS_there_is_neither_login_nor_mail()
    {
        await using var rig = await SmtpServerRig.Start(WithLogin with { Security = SmtpServerSecurity.StartTls });
        using var talk = await SmtpTalk.Connect(rig.Server.Port);
        await talk.Hears("220 ");
        Assert.EndsWith("\n250 STARTTLS", await talk.Says("EHLO test"), StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.0", await talk.Says("MAIL FROM:<a@b.example>"));
        Assert.StartsWith("530 5.7.0", await talk.Says($"AUTH PLAIN {Base64("\0alerts\0p\u00e4ss")}"));
        Assert.StartsWith("501 5.5.4", await talk.Says("STARTTLS now"));

        Assert.StartsWith("220 ", await talk.Says("STARTTLS"));
        await talk.Encrypts(rig.Server.Certificate);

        Assert.StartsWith("503 5.5.1", await talk.Says("MAIL FROM:<a@b.example>"));
        Assert.EndsWith("\n250 AUTH PLAIN LOGIN", await talk.Says("EHLO test"), StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1", await talk.Says("STARTTLS"));
        Assert.StartsWith("235 ", await talk.Says($"AUTH PLAIN {Base64("\0alerts\0p\u00e4ss")}"));
        await talk.OpensMessage("c@d.example");
        Assert.StartsWith("250 ", await talk.Says("A: b\r\n\r\n."));
    }

    [Fact]
    public async Task What_was_sent_behind_STARTTLS_in_the_clear_is_forgotten()
    {
        await using var rig = await SmtpServerRig.Start(new SmtpServerOptions { Security = SmtpServerSecurity.StartTls });
        using var talk = await SmtpTalk.Greet(rig.Server.Port);

        await talk.Sends("STARTTLS\r\nEHLO attacker\r\nMAIL FROM:<attacker@b.example>\r\n");
        await talk.Hears("220 ");
        await talk.Encrypts(rig.Server.Certificate);

        Assert.StartsWith("503 5.5.1 Say EHLO first", await talk.Says("MAIL FROM:<a@b.example>"));
    }

    [Fact]
    public async Task With_TLS_from_the_start_the_greeting_is_encrypted()
    {
        await using var rig = await SmtpServerRig.Start(new SmtpServerOptions { Security = SmtpServerSecurity.Tls });
        using var talk = await SmtpTalk.Connect(rig.Server.Port);
        await talk.Encrypts(rig.Server.Certificate);

        await talk.Hears("220 ");
        Assert.DoesNotContain("STARTTLS", await talk.Says("EHLO test"), StringComparison.Ordinal);
        await talk.OpensMessage("c@d.example");
        Assert.StartsWith("250 ", await talk.Says("A: b\r\n\r\n."));
        Assert.StartsWith("221 ", await talk.Says("QUIT"));
        Assert.Equal("", await talk.Reads());
    }

    [Fact]
    public void Options_do_not_tell_the_password() => Assert.Equal("sandbox.localhost (None)", WithLogin.ToString());
}
