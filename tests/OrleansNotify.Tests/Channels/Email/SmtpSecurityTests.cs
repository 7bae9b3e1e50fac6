using MailKit.Security;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class SmtpSecurityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Auto", "smtp.example", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData("Auto", "smtp.example", 587, SecureSocketOptions.StartTls)]
    [InlineData("Auto", "smtp.example", 25, SecureSocketOptions.StartTls)]
    [InlineData("Auto", "localhost.example", 25, SecureSocketOptions.StartTls)]
    [InlineData("Auto", "10.0.0.1", 25, SecureSocketOptions.StartTls)]
    [InlineData("Auto", "LocalHost", 25, SecureSocketOptions.None)]
    [InlineData("Auto", "127.0.0.9", 2525, SecureSocketOptions.None)]
    [InlineData("Auto", "::1", 25, SecureSocketOptions.None)]
    [InlineData("Auto", "localhost", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData("None", "smtp.example", 465, SecureSocketOptions.None)]
    [InlineData("StartTls", "localhost", 25, SecureSocketOptions.StartTls)]
    [InlineData("Tls", "localhost", 25, SecureSocketOptions.SslOnConnect)]
    public void Protection_never_depends_on_what_the_server_offers(string security, string host, int port, SecureSocketOptions expected) =>
        Assert.Equal(expected, TransportSecurity.Of(Enum.Parse<SmtpSecurity>(security), host, port));

    [Theory]
    [InlineData(SmtpServerSecurity.StartTls, "StartTls")]
    [InlineData(SmtpServerSecurity.Tls, "Tls")]
    public async Task A_certificate_that_verifies_carries_login_and_mail(SmtpServerSecurity server, string client)
    {
        SandboxSmtpServer? running = null;
        await using var rig = await EmailRig.Start(
            new SmtpServerOptions { Security = server, User = "alerts", Password = "p\u00e4ss w\u00f6rd" },
            options => options with { Security = Enum.Parse<SmtpSecurity>(client), User = "alerts", Password = "p\u00e4ss w\u00f6rd" },
            (_, shown, _, _) => running!.Certificate.Equals(shown));
        running = rig.Server;

        for (var i = 0; i < 3; i++) Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);

        Assert.Equal(1, rig.Server.Accepted);
    }

    [Theory]
    [InlineData(SmtpServerSecurity.StartTls, "StartTls")]
    [InlineData(SmtpServerSecurity.Tls, "Tls")]
    public async Task A_certificate_that_does_not_verify_is_a_fault_of_the_channel(SmtpServerSecurity server, string client)
    {
        await using var rig = await EmailRig.Start(
            new SmtpServerOptions { Security = server }, options => options with { Security = Enum.Parse<SmtpSecurity>(client) });

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.ChannelFault, "certificate"), (outcome.Kind, outcome.Reason));
        Assert.Empty(rig.Mails);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_neither_login_nor_mail()
    {
        await using var rig = await EmailRig.Start(
            new SmtpServerOptions { User = "alerts", Password = "secret" },
            options => options with { Security = SmtpSecurity.StartTls, User = "alerts", Password = "secret" });

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.ChannelFault, "not_supported"), (outcome.Kind, outcome.Reason));
        Assert.Contains("STARTTLS", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_that_is_cut_is_tried_again()
    {
        using ScriptedServer server = new();
        await using var rig = await EmailRig.Start();
        await using var sender = rig.NewSender(server.Port, options => options with { Security = SmtpSecurity.Tls });

        var sending = sender.Send(rig.Job(), Cancellation);
        (await server.Accept()).Dispose();

        var outcome = await sending;
        Assert.Equal((OutcomeKind.Retry, "tls", true), (outcome.Kind, outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
    }

    [Theory]
    [InlineData("alerts", "wrong")]
    [InlineData("somebody", "secret")]
    public async Task Refused_credentials_are_a_fault_of_the_channel_and_are_not_repeated(string user, string password)
    {
        await using var rig = await EmailRig.Start(
            new SmtpServerOptions { User = "alerts", Password = "secret" }, options => options with { User = user, Password = password });

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.ChannelFault, "5.7.8", "535 5.7.8 to AUTH"), (outcome.Kind, outcome.Reason, outcome.Detail));
        Assert.Empty(rig.Mails);
    }

    [Theory]
    [InlineData("ChannelFault", "535", 535, 535)]
    [InlineData("Retry", "connect", 535, 0)]
    [InlineData("Retry", "connect", 421, 0)]
    public async Task What_a_server_says_to_the_login_is_shown_to_nobody(string kind, string reason, int first, int second)
    {
        await using var rig = await EmailRig.Start(
            new SmtpServerOptions { User = "alerts", Password = "secret" }, options => options with { User = "alerts", Password = "secret" });
        rig.Reply(SmtpStage.Auth, first, "I do not like secret");
        if (second == 0) rig.Fault(SmtpStage.Auth, FaultKind.DropBefore);
        else rig.Reply(SmtpStage.Auth, second, "Nor do I like secret");

        var outcome = await rig.Send();

        Assert.Equal((kind, reason), (outcome.Kind.ToString(), outcome.Reason));
        Assert.DoesNotContain("secret", outcome.ToString() + await rig.Logged(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_is_not_possible_now_is_tried_again()
    {
        await using var rig = await EmailRig.Start(
            new SmtpServerOptions { User = "alerts", Password = "secret" }, options => options with { User = "alerts", Password = "secret" });
        rig.Reply(SmtpStage.Auth, 454, "4.7.0 Directory is away", times: 2);

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.Retry, "4.7.0", true), (outcome.Kind, outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);
    }

    [Theory]
    [InlineData("8BITMIME", "not_supported")]
    [InlineData("AUTH SMOKE-SIGNALS", "not_supported")]
    public async Task A_server_that_takes_none_of_our_logins_is_a_fault_of_the_channel(string extension, string reason)
    {
        using ScriptedServer server = new();
        await using var rig = await EmailRig.Start();
        await using var sender = rig.NewSender(server.Port, options => options with { User = "alerts", Password = "secret" });

        var sending = sender.Send(rig.Job(), Cancellation);
        using var conversation = await server.Greet(extension);

        var outcome = await sending;
        Assert.Equal((OutcomeKind.ChannelFault, reason), (outcome.Kind, outcome.Reason));
    }

    [Fact]
    public async Task A_login_that_the_server_finds_too_weak_is_a_fault_of_the_channel()
    {
        using ScriptedServer server = new();
        await using var rig = await EmailRig.Start();
        await using var sender = rig.NewSender(server.Port, options => options with { User = "alerts", Password = "secret" });

        var sending = sender.Send(rig.Job(), Cancellation);
        using var conversation = await server.Greet("AUTH PLAIN");
        await conversation.Hears("AUTH PLAIN ");
        await conversation.Says("534 5.7.9 Too weak");

        var outcome = await sending;
        Assert.Equal((OutcomeKind.ChannelFault, "auth"), (outcome.Kind, outcome.Reason));
    }

    [Fact]
    public async Task A_server_that_wants_a_login_which_nobody_configured_is_a_fault_of_the_channel()
    {
        await using var rig = await EmailRig.Start(new SmtpServerOptions { User = "alerts", Password = "secret" });

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.ChannelFault, "5.7.0"), (outcome.Kind, outcome.Reason));
    }

    [Fact]
    public void Options_do_not_tell_their_secrets()
    {
        EmailOptions options = new() { Host = "smtp.example", Port = 587, User = "alerts", Password = "secret", From = "a@b.example" };

        Assert.Equal("smtp.example:587 (Auto)", options.ToString());
    }
}
