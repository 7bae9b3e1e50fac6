using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class KillTests
{
    [Theory, MemberData(nameof(HostStore.All), MemberType = typeof(HostStore))]
    public async Task A_host_killed_between_receipt_and_send_delivers_after_its_restart_without_anyone_calling(StoreKind kind)
    {
        await using var store = await HostStore.Start(kind);
        await using var providers = await Providers.Start();
        var environment = store.Environment().With(providers.Environment);
        string id;
        await using (var host = await HostProcess.Start(environment))
        {
            using HostApi api = new(host);
            await api.SetUser("ada", email: "ada@b.example");
            providers.Faults.Add(Receiver.Email, new Fault { Kind = FaultKind.Hang, Stage = SmtpStage.MailFrom });
            id = await api.SendAlert("ada", "email");
            await api.WaitFor("ada", id, "sending", TimeSpan.FromSeconds(20));
            await host.Kill();
        }

        providers.Faults.Clear();
        Assert.Empty(providers.Inbox.Items);

        await using var again = await HostProcess.Start(environment);
        await providers.WaitFor(Receiver.Email, "ada@b.example", TimeSpan.FromSeconds(90));

        using HostApi after = new(again);
        var message = await after.WaitFor("ada", id, "sent", TimeSpan.FromSeconds(10));
        var attempts = message.GetProperty("events").EnumerateArray().Where(entry => entry.GetProperty("type").GetString() == "attempt").ToList();
        Assert.Equal(["unknown", "sent"], attempts.Select(attempt => attempt.GetProperty("outcome").GetString()));
        Assert.True(attempts[0].GetProperty("maybe_duplicate").GetBoolean());
        Assert.Equal(1, providers.CountOf(Receiver.Email, "ada@b.example"));
    }
}
