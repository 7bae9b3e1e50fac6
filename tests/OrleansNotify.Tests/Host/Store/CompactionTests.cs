using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Store;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Host.Store;

public sealed class CompactionTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_compacted_store_holds_the_same_in_a_shorter_log()
    {
        var generations = LogGenerations.Open(_temp.Path);
        var server = GarnetProcess.Start(generations.Folder(1));
        ImmutableSortedDictionary<string, string> before;
        await using (var redis = await Connect(server))
        {
            await Fill(redis.GetDatabase());
            before = await Everything(redis);
        }

        var lengthBefore = LengthOf(generations.Folder(1));
        var compacted = await EmbeddedStore.Compact(generations, server, NullLogger.Instance);
        await using (var redis = await Connect(compacted)) Assert.Equal(before, await Everything(redis));
        compacted.Dispose();

        Assert.Equal(2, generations.Current);
        Assert.False(Directory.Exists(generations.Folder(1)));
        Assert.InRange(LengthOf(generations.Folder(2)), 1, lengthBefore / 2);
        Assert.Equal(2, LogGenerations.Open(_temp.Path).Current);
        using var again = GarnetProcess.Start(generations.Folder(2));
        await using var reread = await Connect(again);
        Assert.Equal(before, await Everything(reread));
    }

    [Fact]
    public async Task A_copy_that_cannot_be_made_leaves_the_old_log_in_use()
    {
        var generations = LogGenerations.Open(_temp.Path);
        var server = GarnetProcess.Start(generations.Folder(1));
        await using (var redis = await Connect(server)) await redis.GetDatabase().StringSetAsync("k", "v");
        File.WriteAllText(generations.Folder(2), "in the way");

        var same = await EmbeddedStore.Compact(generations, server, NullLogger.Instance);

        Assert.Same(server, same);
        Assert.Equal(1, generations.Current);
        await using (var redis = await Connect(same)) Assert.Equal("v", await redis.GetDatabase().StringGetAsync("k"));
        same.Dispose();
    }

    [Fact]
    public void A_compaction_that_died_before_its_end_leaves_the_old_log_in_use()
    {
        var generations = LogGenerations.Open(_temp.Path);
        Directory.CreateDirectory(generations.Folder(1));
        Directory.CreateDirectory(generations.Folder(2));
        File.WriteAllText(Path.Combine(generations.Folder(2), "half"), "half");
        File.WriteAllText(_temp.File("current.new"), "2");

        var opened = LogGenerations.Open(_temp.Path);

        Assert.Equal(1, opened.Current);
        Assert.False(Directory.Exists(opened.Folder(2)));
        Assert.True(Directory.Exists(opened.Folder(1)));
    }

    [Fact]
    public void A_compaction_that_died_after_its_end_leaves_the_new_log_in_use()
    {
        var generations = LogGenerations.Open(_temp.Path);
        Directory.CreateDirectory(generations.Folder(1));
        Directory.CreateDirectory(generations.Folder(2));
        File.WriteAllText(Path.Combine(generations.Folder(2), "log"), "twelve bytes");
        generations.Advance();

        var opened = LogGenerations.Open(_temp.Path);

        Assert.Equal((2, 12), (opened.Current, opened.SizeWhenNew));
        Assert.False(Directory.Exists(opened.Folder(1)));
        Assert.True(Directory.Exists(opened.Folder(2)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x 1")]
    [InlineData("3 1")]
    public void A_damaged_folder_is_told_and_nothing_is_taken_away(string current)
    {
        var generations = LogGenerations.Open(_temp.Path);
        Directory.CreateDirectory(generations.Folder(2));
        File.WriteAllText(_temp.File("current"), current);

        var problem = Assert.Single(Assert.Throws<SettingsException>(() => LogGenerations.Open(_temp.Path)).Problems);

        Assert.StartsWith("NOTIFY_DATA_DIR: ", problem, StringComparison.Ordinal);
        Assert.True(Directory.Exists(generations.Folder(2)));
    }

    [Fact]
    public void A_log_is_compacted_when_it_is_long_and_has_doubled()
    {
        var generations = LogGenerations.Open(_temp.Path);
        Assert.False(generations.IsCompactionDue);
        Write(generations.Folder(1), 64);
        Assert.True(generations.IsCompactionDue);

        Write(generations.Folder(2), 64);
        generations.Advance();
        Assert.False(generations.IsCompactionDue);
        Write(generations.Folder(2), 127);
        Assert.False(generations.IsCompactionDue);
        Write(generations.Folder(2), 128);
        Assert.True(generations.IsCompactionDue);
    }

    [Fact]
    public async Task A_copy_that_differs_is_not_taken_for_the_same()
    {
        using var one = GarnetProcess.Start(_temp.File("1"));
        using var two = GarnetProcess.Start(_temp.File("2"));
        await using var from = await Connect(one);
        await using var to = await Connect(two);
        await Fill(from.GetDatabase());
        await StoreCopy.Copy(from.GetServers()[0], from.GetDatabase(), to.GetDatabase());
        var copy = to.GetDatabase();
        Assert.True(await Same());

        (Func<Task> Change, Func<Task> Back)[] changes =
        [
            (() => copy.StringSetAsync("text", "other"), () => copy.StringSetAsync("text", "héllo\0")),
            (() => copy.HashSetAsync("hash", "f7", "other"), () => copy.HashSetAsync("hash", "f7", "v7")),
            (() => copy.HashSetAsync("hash", "more", "x"), () => copy.HashDeleteAsync("hash", "more")),
            (() => copy.SetRemoveAsync("set", "m3"), () => copy.SetAddAsync("set", "m3")),
            (() => copy.SortedSetAddAsync("zset", "m3", 4), () => copy.SortedSetAddAsync("zset", "m3", 1.5e15 + 3)),
            (() => copy.ListRightPushAsync("list", "x"), () => copy.ListRightPopAsync("list")),
            (() => copy.ListSetByIndexAsync("list", 3, "x"), () => copy.ListSetByIndexAsync("list", 3, "i3")),
            (() => copy.StringSetAsync("more", "x"), () => copy.KeyDeleteAsync("more")),
            (() => copy.KeyExpireAsync("expiring", TimeSpan.FromHours(9)), () => copy.KeyExpireAsync("expiring", TimeSpan.FromHours(25))),
            (() => copy.KeyPersistAsync("expiring"), () => copy.KeyExpireAsync("expiring", TimeSpan.FromHours(25))),
        ];
        for (var i = 0; i < changes.Length; i++)
        {
            await changes[i].Change();
            Assert.False(await Same(), $"change {i} went unnoticed");
            await changes[i].Back();
            Assert.True(await Same(), $"change {i} was not taken back");
        }

        Task<bool> Same() => StoreCopy.IsSame(from.GetServers()[0], from.GetDatabase(), to.GetServers()[0], copy);
    }

    private static async Task Fill(IDatabase database)
    {
        for (var round = 0; round < 3; round++)
        {
            await database.StringSetAsync("text", "héllo\0");
            await database.HashSetAsync("hash", [.. Enumerable.Range(0, 1200).Select(i => new HashEntry($"f{i}", $"v{i}"))]);
            await database.SetAddAsync("set", [.. Enumerable.Range(0, 1200).Select(i => (RedisValue)$"m{i}")]);
            await database.SortedSetAddAsync("zset", [.. Enumerable.Range(0, 1200).Select(i => new SortedSetEntry($"m{i}", 1.5e15 + i))]);
            await database.KeyDeleteAsync("list");
            await database.ListRightPushAsync("list", [.. Enumerable.Range(0, 1200).Select(i => (RedisValue)$"i{i}")]);
            await database.HashSetAsync("expiring", "v", round);
            await database.KeyExpireAsync("expiring", TimeSpan.FromHours(25));
            await database.StringSetAsync("gone", new string('x', 200_000));
            await database.KeyDeleteAsync("gone");
        }
    }

    private static async Task<ImmutableSortedDictionary<string, string>> Everything(ConnectionMultiplexer redis)
    {
        var database = redis.GetDatabase();
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>();
        await foreach (var key in redis.GetServers()[0].KeysAsync())
        {
            all[key!] = await database.KeyTypeAsync(key) switch
            {
                RedisType.String => (await database.StringGetAsync(key))!,
                RedisType.Hash => string.Join(' ', (await database.HashGetAllAsync(key)).Select(entry => entry.ToString()).Order()),
                RedisType.Set => string.Join(' ', (await database.SetMembersAsync(key)).Order()),
                RedisType.SortedSet => string.Join(' ', await database.SortedSetRangeByRankWithScoresAsync(key)),
                _ => string.Join(' ', await database.ListRangeAsync(key)),
            };
            all[$"{key} expires"] = (await database.KeyTimeToLiveAsync(key)).HasValue.ToString();
        }

        return all.ToImmutable();
    }

    private static async Task<ConnectionMultiplexer> Connect(GarnetProcess server)
    {
        var options = server.Connection;
        options.AllowAdmin = true;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    private static long LengthOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static void Write(string folder, int mebibytes)
    {
        Directory.CreateDirectory(folder);
        using var file = File.Create(Path.Combine(folder, "log"));
        file.SetLength(mebibytes * 1024L * 1024);
    }
}
