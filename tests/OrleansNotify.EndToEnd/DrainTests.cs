using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class DrainTests
{
    [Theory, MemberData(nameof(HostStore.All), MemberType = typeof(HostStore))]
    public async Task A_host_told_to_stop_finishes_the_send_under_way_and_ends_with_0(StoreKind kind)
    {
        await using var store = await HostStore.Start(kind);
        await using var providers = await Providers.Start();
        var environment = store.Environment().With(providers.Environment);
        string id;
        await using (var host = await HostProcess.Start(environment))
        {
            using HostApi api = new(host);
            await api.SetUser("ada", email: "ada@b.example");
            Fault slow = new() { Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(3), Stage = SmtpStage.EndOfData };
            providers.Faults.Add(Receiver.Email, slow);
            id = await api.SendAlert("ada", "email");
            await api.WaitFor("ada", id, "sending", TimeSpan.FromSeconds(20));

            Assert.Equal(0, await host.Terminate(TimeSpan.FromSeconds(30)));
        }

        Assert.Equal(1, providers.CountOf(Receiver.Email, "ada@b.example"));
        await using var again = await HostProcess.Start(environment);
        using HostApi after = new(again);
        Assert.Equal("sent", (await after.Message("ada", id)).GetProperty("status").GetString());
        Assert.Equal(1, providers.CountOf(Receiver.Email, "ada@b.example"));
    }
}
