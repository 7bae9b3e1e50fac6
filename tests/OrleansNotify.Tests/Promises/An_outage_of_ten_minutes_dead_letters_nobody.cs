using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class An_outage_of_ten_minutes_dead_letters_nobody(StoreFixture stores)
{
    private const int Users = 20, EachUser = 250;

    [Fact]
    public async Task And_five_thousand_messages_that_wait_for_their_mail_server_all_arrive_after_it()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), silos: 2);
        cluster.Email.Answers(Outcomes.OfChannel(OutcomeKind.Retry));
        var accepted = (await Task.WhenAll(Enumerable.Range(0, Users).Select(async i =>
        {
            var user = await cluster.UserWith($"u{i}");
            List<Guid> ids = [];
            for (var sent = 0; sent < EachUser; sent++) ids.Add((await user.Send(Given.Alert)).MessageId!.Value);
            return ids;
        }))).SelectMany(ids => ids).ToHashSet();
        await Eventually.True(() => cluster.Service<ChannelWatch>().StateOf(Channel.Email).Circuit is not null);

        var end = cluster.Clock.GetUtcNow().AddMinutes(10);
        while (cluster.Clock.GetUtcNow() < end)
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            await cluster.Service<ChannelWatch>().LookAll();
        }

        Assert.Equal(0, await Letters());
        var tried = cluster.Email.Jobs.Count;
        cluster.Email.Answers(Outcomes.Sent);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(200));
            return await cluster.AgendaLength() == 0;
        });

        Assert.Equal(accepted, cluster.Email.Messages.Skip(tried).ToHashSet());
        Assert.Equal(accepted.Count, cluster.Email.Jobs.Count - tried);
        Assert.Equal(0, await Letters());
        Assert.Null(cluster.Service<ChannelWatch>().StateOf(Channel.Email).Circuit);

        Task<long> Letters() => cluster.Redis.SortedSetLengthAsync(cluster.Keys.LettersOfAll);
    }
}
