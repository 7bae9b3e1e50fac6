using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class TwoSilosTests
{
    private const int Users = 20;

    [Fact]
    public async Task Any_request_may_go_to_either_of_two_silos_on_one_Redis()
    {
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var first = await HostProcess.Start(store.Environment().With(providers.Environment));
        await using var second = await HostProcess.Start(store.Environment().With(providers.Environment));
        using HostApi a = new(first), b = new(second);

        for (var i = 0; i < Users; i++)
        {
            var (one, other) = i % 2 == 0 ? (a, b) : (b, a);
            var (user, email) = ($"user-{i}", $"user-{i}@b.example");
            await one.SetUser(user, email);
            Assert.Equal(email, (await other.Ask(HttpMethod.Get, $"/api/v1/users/{user}")).GetProperty("email").GetString());
            var id = await other.SendAlert(user, "email");
            await one.WaitFor(user, id, "sent", TimeSpan.FromSeconds(20));
            Assert.Equal(1, providers.CountOf(Receiver.Email, email));
        }
    }
}
