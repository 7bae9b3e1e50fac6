using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Host.Silo;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Host;

public sealed partial class OutageLinesTests
{
    private static readonly StoreFault Fault = new(new RedisTimeoutException("late", CommandStatus.Sent));

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeLogger _shown = new();

    [Fact]
    public void In_an_outage_a_kind_of_line_is_shown_once_and_then_counted()
    {
        using RepeatedLines log = new(_shown, _clock);

        for (var second = 0; second < 25; second++)
        {
            for (var shard = 0; shard < 64; shard++) LogShard(log, shard, Fault);
            LogOther(log, Fault);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            ["shard 0", "other", "shard 63 (the last of 639 such lines)", "other (the last of 9 such lines)", "shard 63 (the last of 640 such lines)", "other (the last of 10 such lines)"],
            _shown.Collector.GetSnapshot().Select(line => line.Message));
        Assert.All(_shown.Collector.GetSnapshot(), line => Assert.Equal((LogLevel.Warning, Fault), (line.Level, line.Exception)));
    }

    [Fact]
    public void After_a_pause_the_next_line_is_shown_at_once()
    {
        using RepeatedLines log = new(_shown, _clock);
        LogOther(log, Fault);
        _clock.Advance(RepeatedLines.Window);
        LogOther(log, Fault);
        Assert.Equal(["other", "other"], _shown.Collector.GetSnapshot().Select(line => line.Message));
    }

    [Fact]
    public void What_was_counted_is_shown_at_the_end()
    {
        RepeatedLines log = new(_shown, _clock);
        for (var i = 0; i < 3; i++) LogOther(log, Fault);
        log.Dispose();
        Assert.Equal(["other", "other (the last of 2 such lines)"], _shown.Collector.GetSnapshot().Select(line => line.Message));
    }

    [Fact]
    public void A_fault_of_ours_and_a_line_without_one_are_always_shown()
    {
        using RepeatedLines log = new(_shown, _clock);
        for (var i = 0; i < 3; i++)
        {
            LogOther(log, new InvalidOperationException("bug"));
            LogPlain(log);
        }

        Assert.Equal(6, _shown.Collector.Count);
        Assert.True(log.IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void The_console_is_one_provider_whose_levels_and_formatter_are_settings()
    {
        using ServiceProvider services = new ServiceCollection().AddLogging(logging => logging.AddNotifyConsole()).BuildServiceProvider();
        Assert.IsType<OutageLines>(Assert.Single(services.GetServices<ILoggerProvider>()));
        Assert.Contains(services.GetServices<ConsoleFormatter>(), formatter => formatter.Name == OneLineFormatter.FormatterName);
        Assert.Contains(services.GetServices<ConsoleFormatter>(), formatter => formatter.Name == ConsoleFormatterNames.Json);
        Assert.NotNull(services.GetRequiredService<IOptionsMonitor<JsonConsoleFormatterOptions>>());
    }

    [LoggerMessage(1, LogLevel.Warning, "shard {Shard}")]
    private static partial void LogShard(ILogger log, int shard, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "other")]
    private static partial void LogOther(ILogger log, Exception fault);

    [LoggerMessage(3, LogLevel.Information, "plain")]
    private static partial void LogPlain(ILogger log);
}
