using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansNotify.DeadLetters;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;
using StackExchange.Redis;

namespace OrleansNotify.Tests.DeadLetters;

public sealed class LetterStoreTests(StoreFixture stores)
{
    private static readonly Codec s_codec = new ServiceCollection().AddSerializer().AddSingleton<Codec>().BuildServiceProvider().GetRequiredService<Codec>();

    private static async Task<(LetterStore Store, Keys Keys, IDatabase Redis)> Start(Store store, IEnumerable<Message> letters)
    {
        Keys keys = new(Store.NewServiceId());
        var redis = store.Redis.GetDatabase();
        await LetterRig.Put(redis, keys, s_codec, letters);
        return (new LetterStore(store.Redis, keys, s_codec), keys, redis);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private static async Task<List<LetterPlace>> All(LetterStore store, DeadLetterFilter filter, int limit)
    {
        List<LetterPlace> all = [];
        while (await store.Page(filter, all.Count == 0 ? null : all[^1], limit) is { IsEmpty: false } page) all.AddRange(page);
        return all;
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Pages_hold_each_letter_once_in_the_order_of_their_failing(StoreKind kind)
    {
        var store = await stores.Get(kind);
        var letters = Gen.Select(OneOf("ann", "bo|b", "B"), OneOf("550", "a|b"), OneOf("t", "u"), Gen.Int[0, 3])
            .Select((user, reason, template, ms) => LetterRig.Letter(user, reason, template, afterMs: ms)).Array[1, 40];
        await letters.SampleAsync(
            async made =>
            {
                var (read, _, _) = await Start(store, made);
                foreach (var filter in new DeadLetterFilter[] { new(), new() { UserId = "bo|b" }, new() { Reason = "a|b" }, new() { TemplateName = "u", To = World.Now.AddMilliseconds(2), From = World.Now.AddMilliseconds(1) } })
                {
                    var expected = made
                        .Where(letter => (filter.UserId ?? letter.UserId) == letter.UserId && LetterGroup.Of(letter).IsIn(filter)
                            && !(letter.SettledAt < filter.From) && !(letter.SettledAt > filter.To))
                        .Select(letter => new LetterPlace(letter.SettledAt!.Value.ToUnixTimeMilliseconds(), LetterKey.Of(letter).Format()))
                        .OrderDescending();
                    Assert.Equal(expected, await All(read, filter, 3));
                    Assert.Equal(expected.Count(), await read.Count(filter));
                }
            },
            iter: 8, threads: 1);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_page_goes_on_behind_a_letter_that_is_gone(StoreKind kind)
    {
        var letters = Enumerable.Range(0, 9).Select(_ => LetterRig.Letter()).OrderByDescending(letter => LetterKey.Of(letter).Format(), StringComparer.Ordinal).ToList();
        var (read, keys, redis) = await Start(await stores.Get(kind), letters);
        var first = await read.Page(new(), null, 4);
        await redis.SortedSetRemoveAsync(keys.LettersOfAll, first[^1].Member);

        var rest = await read.Page(new(), first[^1], 100);

        Assert.Equal(letters.Skip(4).Select(letter => LetterKey.Of(letter).Format()), rest.Select(place => place.Member));
        Assert.Equal(letters.Skip(4).Select(letter => letter.Id), (await read.Read(rest)).Select(letter => letter.Id));
        Assert.Empty(await read.Page(new() { From = World.Now.AddSeconds(1) }, null, 4));
        Assert.Equal(4, (await read.Page(new() { To = World.Now.AddMilliseconds(-1) }, first[^1] with { Score = 0 }, 4)).Length + 4);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task What_a_list_names_and_the_letters_do_not_hold_is_taken_off_it(StoreKind kind)
    {
        var letters = Enumerable.Range(0, 6).Select(i => LetterRig.Letter(afterMs: i)).ToList();
        var (read, keys, redis) = await Start(await stores.Get(kind), letters);
        await redis.HashDeleteAsync(keys.Letters, [letters[5].IdOf(), letters[4].IdOf(), letters[2].IdOf()]);

        var page = await read.Page(new(), null, 2);

        Assert.Equal([letters[3].Id, letters[1].Id], page.Select(place => LetterKey.Parse(place.Member).Message));
        Assert.Equal(3, await read.Count(new()));
        Assert.Null(await read.Find(letters[5].IdOf()));
        Assert.Equal(letters[0].Id, (await read.Find(letters[0].IdOf()))!.Id);
        Assert.Equal([letters[3].Id], (await read.Read([page[0], new LetterPlace(0, LetterKey.Of(letters[5]).Format())])).Select(letter => letter.Id));
        Assert.Empty(await read.Read([]));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Groups_are_counted_within_a_time_and_empty_ones_are_not_shown(StoreKind kind)
    {
        var gone = LetterRig.Letter(reason: "gone");
        var (read, keys, redis) = await Start(
            await stores.Get(kind), [gone, LetterRig.Letter(channel: null, reason: "too_old"), LetterRig.Letter(), LetterRig.Letter(afterMs: 5), LetterRig.Letter(afterMs: 9)]);
        await redis.SortedSetRemoveAsync(keys.LettersOfGroup(LetterGroup.Of(gone)), LetterKey.Of(gone).Format());

        var timeout = new DeadLetterGroup { Channel = Channel.Email, Reason = "timeout", TemplateName = "price_alert_triggered", Count = 3 };
        Assert.Equal([timeout, timeout with { Channel = null, Reason = "too_old", Count = 1 }], await read.Groups(new()));
        Assert.Equal([timeout with { Count = 2 }], await read.Groups(new() { Reason = "timeout", To = World.Now.AddMilliseconds(5) }));
        Assert.Empty(await read.Page(new() { Reason = "unheard of" }, null, 10));
        Assert.Equal(0, await read.Count(new() { TemplateName = "unheard_of" }));
    }
}
