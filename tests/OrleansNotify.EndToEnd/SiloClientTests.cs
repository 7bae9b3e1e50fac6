using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.EndToEnd.Mail;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class SiloClientTests
{
    [Fact]
    public async Task A_program_that_knows_only_the_contracts_sends_a_mail_that_arrives()
    {
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment));

        await AskAsTheSampleDoes(store.Redis, "ada@b.example");

        await providers.WaitFor(Receiver.Email, "ada@b.example", TimeSpan.FromSeconds(10));
        Assert.Single(providers.Inbox.Items);
    }

    [Fact]
    public async Task The_mail_arrives_at_a_real_Postfix()
    {
        Postfix.Need();
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var postfix = await Postfix.Start();
        await using var host = await HostProcess.Start(store.Environment().With(HostEnvironment.Smtp(postfix.Port)));

        await AskAsTheSampleDoes(store.Redis, Postfix.Mailbox);

        var mail = await postfix.WaitForMail(TimeSpan.FromSeconds(30));
        Assert.Contains("EURUSD", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("1.1042", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("1.1042", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal("alerts@notify.example", mail.From.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task An_address_that_a_real_Postfix_does_not_know_is_disabled()
    {
        Postfix.Need();
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var postfix = await Postfix.Start();
        await using var host = await HostProcess.Start(store.Environment().With(HostEnvironment.Smtp(postfix.Port)));
        using HostApi api = new(host);
        await api.SetUser("ann", email: Postfix.Mailbox);
        await api.SetUser("bob", email: "nobody@real.example");

        var id = await api.SendAlert("bob", "email");

        // One refusal may be the server's fault; three, while others get theirs, are the address's.
        await Poll.Until(async () =>
        {
            await api.WaitFor("ann", await api.SendAlert("ann", "email"), "sent", TimeSpan.FromSeconds(20));
            return (await api.Message("bob", id)).GetProperty("status").GetString() == "dead_lettered";
        }, () => "the refused message's end", TimeSpan.FromSeconds(40));
        var disabled = Assert.Single((await api.Ask(HttpMethod.Get, "/api/v1/users/bob")).GetProperty("disabled").EnumerateArray());
        Assert.Equal("email", disabled.GetProperty("channel").GetString());
        Assert.Contains("5.1.1", disabled.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static async Task AskAsTheSampleDoes(string redis, string email)
    {
        await using var client = ChildProcess.Start(
            "dotnet", [Repository.Program("tests", "OrleansNotify.SampleClient"), redis, "ada", email]);
        Assert.True(await client.WaitForExit(TimeSpan.FromSeconds(60)) == 0, client.Output);
        var said = client.Output;
        Assert.Contains("now: Accepted ", said, StringComparison.Ordinal);
        Assert.Contains("later: Deferred send_at", said, StringComparison.Ordinal);
        Assert.Contains("cancelled: Cancelled", said, StringComparison.Ordinal);
        Assert.Contains("unwanted: Skipped unsubscribed", said, StringComparison.Ordinal);
        Assert.Contains("status: Sent by Email", said, StringComparison.Ordinal);
        Assert.Contains($"address: {email}, order: Email", said, StringComparison.Ordinal);
    }
}
