using System.Net;
using System.Text;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Pages;

public sealed class WorkerTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_push_that_came_twice_is_shown_once()
    {
        Needs.Program("chromium");
        await using var providers = await Providers.Start();
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment));
        using HostApi api = new(host);
        await api.Ask(HttpMethod.Post, "/api/v1/users/ada/push-subscriptions", providers.Device().Subscription, HttpStatusCode.Created);

        // The push service takes it over, and its answer is lost.
        providers.Faults.Add(Receiver.Push, new Fault { Kind = FaultKind.DropAfter });
        var twice = await api.SendAlert("ada", "push");
        await api.WaitFor("ada", twice, "sent", AtMost);
        var once = await api.SendAlert("ada", "push");
        await api.WaitFor("ada", once, "sent", AtMost);
        var pushes = providers.Inbox.Items.Cast<DeliveredPush>().Select(push => Encoding.UTF8.GetString(push.Payload.Span)).ToList();
        Assert.Equal([twice, twice, once], pushes.Select(push => System.Text.Json.JsonElement.Parse(push).GetProperty("id").GetString()));

        await using var browser = await WorkerPage.Open(Worker());
        foreach (var push in pushes) await browser.Deliver(push);

        var shown = (await browser.Notifications()).EnumerateArray().ToList();
        Assert.Equal([once, twice], shown.Select(each => each.GetProperty("tag").GetString()).OrderBy(tag => tag == twice));
        Assert.All(shown, each => Assert.Contains("EURUSD", each.GetProperty("title").GetString(), StringComparison.Ordinal));
        Assert.All(shown, each => Assert.Equal("/dashboard/alerts", each.GetProperty("data").GetProperty("url").GetString()));
    }

    // The one that the guide gives.
    private static string Worker() =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs/templates.md")).Split("```js\n")[1].Split("```")[0];
}
