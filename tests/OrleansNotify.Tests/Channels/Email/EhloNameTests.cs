using System.Net;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;
using OrleansNotify.Sandbox.Smtp;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class EhloNameTests
{
    [Theory]
    [InlineData("notify.example", "notify.example")]
    [InlineData("mail-1.notify.example", "mail-1.notify.example")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("192.0.2.1", "[192.0.2.1]")]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("::ffff:192.0.2.1", "[192.0.2.1]")]
    [InlineData("2001:db8::1", "[IPv6:2001:db8::1]")]
    [InlineData("[IPv6:2001:DB8::1]", "[IPv6:2001:db8::1]")]
    [InlineData("vm", null)]
    [InlineData("localhost", null)]
    [InlineData("a_b.example", null)]
    [InlineData("-a.example", null)]
    [InlineData("a..example", null)]
    [InlineData("notify.example.", null)]
    [InlineData("notify.example\r\nMAIL FROM:<a@b.example>", null)]
    [InlineData("[notify.example]", null)]
    [InlineData("", null)]
    public void A_fully_qualified_name_or_an_address_is_one(string text, string? announced) => Assert.Equal(announced, EhloName.Parse(text));

    [Fact]
    public void A_name_is_at_most_253_letters_long() => Assert.Null(EhloName.Parse(string.Concat(Enumerable.Repeat("abcdefghi.", 26)) + "example"));

    [Theory]
    [InlineData("Alerts <alerts@notify.example>", "vm", "notify.example")]
    [InlineData("alerts@notify.example", "vm.cloud.example", "notify.example")]
    [InlineData("alerts@[192.0.2.9]", "vm.cloud.example", "[192.0.2.9]")]
    [InlineData("alerts@localhost", "vm.cloud.example", "vm.cloud.example")]
    [InlineData("alerts@localhost", "vm", "[192.0.2.1]")]
    public void By_default_it_is_the_senders_domain(string from, string machine, string announced) =>
        Assert.Equal(announced, EhloName.Default(from, machine, IPAddress.Parse("192.0.2.1")));

    [Theory]
    [InlineData(null, "EHLO notify.example")]
    [InlineData("mail1.cloud.example", "EHLO mail1.cloud.example")]
    [InlineData("[IPv6:2001:db8::1]", "EHLO [IPv6:2001:db8::1]")]
    public async Task A_server_hears_it(string? set, string heard)
    {
        using ScriptedServer server = new();
        await using var rig = await EmailRig.Start();
        await using var sender = rig.NewSender(server.Port, options => options with { Ehlo = set });
        var sending = sender.Send(rig.Job(), TestContext.Current.CancellationToken);
        using (var conversation = await server.Accept())
        {
            await conversation.Says("220 ready");
            await conversation.Hears(heard);
        }

        Assert.Equal(OutcomeKind.Retry, (await sending).Kind);
    }

    [Theory]
    [InlineData(null, "Sent")]
    [InlineData("[192.0.2.1]", "Sent")]
    [InlineData("vm", "ChannelFault")]
    public async Task A_server_that_demands_a_good_one_takes_ours_and_a_bad_one_is_the_settings_fault(string? set, string kind)
    {
        await using var rig = await EmailRig.Start(new SmtpServerOptions { DemandsQualifiedHello = true }, options => options with { Ehlo = set });

        Assert.Equal(kind, (await rig.Send()).Kind.ToString());
    }
}
