using System.Net.Sockets;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Channels.Email;

public sealed class SmtpPoolSizeTests
{
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(5), Longer = TimeSpan.FromSeconds(7);

    [Theory]
    [InlineData(1, 40)]
    [InlineData(3, 40)]
    [InlineData(3, 90)]
    public async Task A_server_that_takes_few_connections_gets_all_mails_over_those(int takes, int mails)
    {
        await using var rig = await EmailRig.Start(new SmtpServerOptions { MaxConnections = takes });
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, Busy, times: takes);

        var sending = Task.WhenAll(Enumerable.Range(0, mails).Select(_ => rig.Send()));
        await rig.Clock.Armed(Busy, times: takes);
        var logged = await rig.Logged();
        Assert.StartsWith($"Information: Connections that the SMTP server 127.0.0.1:{rig.Server.Port} takes from this silo: ", logged);
        Assert.EndsWith("one more was refused: 421 4.7.0 Too many connections", logged);
        rig.Clock.Advance(Busy);

        Assert.All(await sending, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        Assert.Equal(mails, rig.Mails.Length);
        // No storm: one more was tried while each of the first was made, and none after that.
        Assert.InRange(rig.Server.Accepted, takes + 1, takes + 3);
    }

    [Fact]
    public async Task It_begins_with_two_and_grows_with_those_that_are_made()
    {
        PoolSize size = new(4, new WatchedClock());
        Assert.Equal((2, false), (size.Now, size.WorkedLately));
        foreach (var now in (int[])[3, 4, 4])
        {
            size.Made();
            Assert.Equal((now, true), (size.Now, size.WorkedLately));
        }

        await using var rig = await EmailRig.Start();
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, Busy, times: 10);
        var sending = Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rig.Send()));
        await rig.Clock.Armed(Busy, times: 10);
        rig.Clock.Advance(Busy);
        Assert.All(await sending, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
        Assert.Equal(10, rig.Server.Accepted);
    }

    [Fact]
    public void A_refusal_ends_the_growing_and_half_a_minute_later_one_more_is_tried()
    {
        WatchedClock clock = new();
        PoolSize size = new(20, clock);
        for (var i = 0; i < 4; i++) size.Made();
        Assert.Equal(6, size.Now);

        size.Refused(open: 3);
        size.Made();
        size.Needed();
        Assert.Equal(3, size.Now);

        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(size.WorkedLately);
        clock.Advance(TimeSpan.FromSeconds(20));
        size.Needed();
        size.Needed();
        Assert.Equal(4, size.Now);

        size.Refused(open: 0);
        Assert.Equal(1, size.Now);
        Assert.Equal(1, new PoolSize(1, clock).Now);
    }

    [Fact]
    public async Task A_refusal_is_told_only_when_no_other_connection_came_of_it()
    {
        await using var rig = await EmailRig.Start();
        using ScriptedServer server = new();
        await using var sender = rig.NewSender(server.Port);
        var sending = Enumerable.Range(0, 2).Select(_ => sender.Send(rig.Job(), TestContext.Current.CancellationToken)).ToList();
        using var refused = await server.Accept();
        using var silent = await server.Accept();
        await refused.Says("421 4.7.0 too many connections");
        await refused.HearsTheEnd();
        Assert.All(sending, one => Assert.False(one.IsCompleted));

        silent.Dispose();

        foreach (var one in sending) Assert.Equal((OutcomeKind.Retry, SpeaksOf.Channel), ((await one).Kind, (await one).SpeaksOf));
    }

    [Fact]
    public async Task A_refusal_is_nobodys_where_the_other_connection_comes_later()
    {
        await using var rig = await EmailRig.Start();
        using ScriptedServer server = new();
        await using var sender = rig.NewSender(server.Port);
        var sending = Enumerable.Range(0, 2).Select(_ => sender.Send(rig.Job(), TestContext.Current.CancellationToken)).ToList();
        using var refused = await server.Accept();
        using var slow = await server.Accept();
        await refused.Says("421 4.7.0 too many connections");
        await rig.Clock.Disposed(SmtpPool.ConnectPatience);

        await slow.Says("220 ready");
        await slow.Hears("EHLO ");
        await slow.Says("250 test");
        for (var i = 0; i < 2; i++)
        {
            await slow.Hears("MAIL FROM:");
            await slow.Says("250 ok");
            await slow.Hears("RCPT TO:");
            await slow.Says("250 ok");
            await slow.Hears("DATA");
            await slow.Says("354 go on");
            await slow.HearsMessage();
            await slow.Says("250 taken");
        }

        foreach (var one in sending) Assert.Equal(OutcomeKind.Sent, (await one).Kind);
    }

    [Fact]
    public async Task When_a_place_becomes_free_it_is_found()
    {
        await using var rig = await EmailRig.Start(new SmtpServerOptions { MaxConnections = 2 });
        using TcpClient other = new();
        await other.ConnectAsync("127.0.0.1", rig.Server.Port, TestContext.Current.CancellationToken);
        await Eventually.True(() => rig.Server.Connections == 1);
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, Busy);
        var first = Task.WhenAll(rig.Send(), rig.Send());
        await rig.Clock.Armed(Busy);
        Assert.Contains("from this silo: 1; one more was refused", await rig.Logged(), StringComparison.Ordinal);
        rig.Clock.Advance(Busy);
        await first;

        other.Dispose();
        await Eventually.True(() => rig.Server.Connections == 1);
        rig.Clock.Advance(TimeSpan.FromSeconds(26));
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, Longer, times: 2);
        var second = Task.WhenAll(rig.Send(), rig.Send());
        await rig.Clock.Armed(Longer, times: 2);
        Assert.Equal(2, rig.Server.Connections);
        rig.Clock.Advance(Longer);

        Assert.All(await second, outcome => Assert.Equal(OutcomeKind.Sent, outcome.Kind));
    }

    [Fact]
    public async Task A_mail_that_is_not_taken_on_one_more_connection_goes_over_those_that_work()
    {
        await using var rig = await EmailRig.Start();
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, Busy);
        var first = rig.Send();
        await rig.Clock.Armed(Busy);
        rig.Reply(SmtpStage.MailFrom, 451, "4.7.0 Not on this one");

        var second = rig.Send();
        Assert.Contains("from this silo: 1; one more was refused", await rig.Logged(), StringComparison.Ordinal);
        rig.Clock.Advance(Busy);

        Assert.Equal((OutcomeKind.Sent, OutcomeKind.Sent), ((await first).Kind, (await second).Kind));
        Assert.Equal(2, rig.Server.Accepted);
    }

    [Fact]
    public async Task A_server_that_wants_fewer_mails_side_by_side_gets_fewer()
    {
        await using var rig = await EmailRig.Start();
        rig.Fault(SmtpStage.EndOfData, FaultKind.Delay, Busy);
        var first = rig.Send();
        await rig.Clock.Armed(Busy);
        rig.Reply(SmtpStage.EndOfData, 432, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", times: 2);

        var second = await rig.Send();
        Assert.Equal((OutcomeKind.Busy, SpeaksOf.Channel), (second.Kind, second.SpeaksOf));
        Assert.Contains("from this silo: 1; one more was refused", await rig.Logged(), StringComparison.Ordinal);
        var third = rig.Send();
        rig.Clock.Advance(Busy);
        await first;

        // The only one is kept: it may have been the others of another silo.
        Assert.Equal(OutcomeKind.Busy, (await third).Kind);
        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);
        Assert.Equal(2, rig.Server.Accepted);
    }

    [Fact]
    public async Task A_connection_that_has_had_its_share_is_replaced_within_the_attempt()
    {
        await using var rig = await EmailRig.Start();
        await rig.Send();
        rig.Reply(SmtpStage.MailFrom, 421, "Too many messages in this connection");

        Assert.Equal(OutcomeKind.Sent, (await rig.Send()).Kind);

        Assert.Equal(2, rig.Server.Accepted);
    }

    [Fact]
    public async Task A_server_that_takes_no_mail_from_anybody_is_not_asked_for_ever()
    {
        await using var rig = await EmailRig.Start();
        await rig.Send();
        rig.Reply(SmtpStage.MailFrom, 451, "4.3.0 Not now", times: 100);

        var outcome = await rig.Send();

        Assert.Equal((OutcomeKind.Retry, "4.3.0", SpeaksOf.Channel), (outcome.Kind, outcome.Reason, outcome.SpeaksOf));
        Assert.Equal(2, rig.Server.Accepted);
    }
}
