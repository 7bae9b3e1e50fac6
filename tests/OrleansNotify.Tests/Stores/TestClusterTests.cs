using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Stores;

public sealed class TestClusterTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_second_cluster_finds_what_the_first_one_left(StoreKind kind)
    {
        var store = await stores.Get(kind);
        string serviceId;
        await using (var first = await TestCluster.Start(store, _ => { }))
        {
            serviceId = first.ServiceId;
            await first.Client.GetGrain<INoteGrain>("a").Write("left");
        }

        await using var second = await TestCluster.Start(store, _ => { }, silos: 2, serviceId: serviceId);

        Assert.Equal("left", await second.Client.GetGrain<INoteGrain>("a").Read());
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_reminder_comes_when_the_test_moves_the_clock(StoreKind kind)
    {
        await using var cluster = await TestCluster.Start(await stores.Get(kind), _ => { });
        var grain = cluster.Client.GetGrain<INoteGrain>("b");
        await grain.RemindIn(TimeSpan.FromMinutes(2));

        await Eventually.True(async () =>
        {
            if (await grain.IsReminded()) return true;
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return false;
        });

        Assert.True(cluster.Clock.GetUtcNow() >= cluster.Clock.Start + TimeSpan.FromMinutes(2));
    }
}

[Alias("tests.INoteGrain")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("Write")]
    Task Write(string text);

    [Alias("Read")]
    Task<string> Read();

    [Alias("RemindIn")]
    Task RemindIn(TimeSpan due);

    [Alias("IsReminded")]
    Task<bool> IsReminded();
}

internal sealed class NoteGrain([PersistentState("note", SiloContext.StorageName)] IPersistentState<NoteGrain.Note> note) : Grain, INoteGrain, IRemindable
{
    private bool _reminded;

    public Task Write(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task<string> Read() => Task.FromResult(note.State.Text);

    public Task RemindIn(TimeSpan due) => this.RegisterOrUpdateReminder("r", due, TimeSpan.FromMinutes(1));

    public Task<bool> IsReminded() => Task.FromResult(_reminded);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _reminded = true;
        return Task.CompletedTask;
    }

    [GenerateSerializer, Alias("tests.Note")]
    internal sealed class Note
    {
        [Id(0)]
        public string Text { get; set; } = "";
    }
}
