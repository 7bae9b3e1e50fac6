using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Testing;
using OrleansNotify.Host.Store;
using OrleansNotify.Tests.Processes;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Host.Store;

public sealed class RedisConnectionTests
{
    [Fact]
    public async Task A_store_that_is_still_loading_its_data_is_waited_for()
    {
        Needs.Program("redis-server");
        // Half a millisecond for each key, until somebody has met it while it loads.
        await using var redis = await RedisProcess.Start("--key-load-delay", "500");
        await using (var filling = await ConnectionMultiplexer.ConnectAsync(redis.Connection))
            await filling.GetDatabase().ScriptEvaluateAsync("for i = 1, 100000 do redis.call('SET', 'k' .. i, i) end");
        await redis.Kill();
        await redis.StartAgain();
        FakeLogger log = new(FakeLogCollector.Create(new() { OutputSink = _ => Tell(redis.Port, "CONFIG SET key-load-delay 0") }));

        await using var connection = await RedisConnection.Open(
            ConfigurationOptions.Parse(redis.Connection), "service", log, TestContext.Current.CancellationToken);

        Assert.Single(log.Collector.GetSnapshot(), line => line.Message.Contains("still loading its data", StringComparison.Ordinal));
        Assert.Equal(100_000, (int)await connection.GetDatabase().StringGetAsync("k100000"));
    }

    private static void Tell(int port, string command)
    {
        using TcpClient client = new("127.0.0.1", port);
        client.GetStream().Write(Encoding.ASCII.GetBytes(command + "\r\n"));
        Assert.Equal('+', client.GetStream().ReadByte());
    }
}
