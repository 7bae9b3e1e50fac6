using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Host.Silo;

namespace OrleansNotify.Tests.Host;

public sealed class OneLineFormatterTests
{
    private const string Users = "OrleansNotify.Users.UserGrain", Silo = "Orleans.Runtime.Silo";

    private static readonly InvalidOperationException Bug = new("why\n2026-03-01T08:09:10.123Z INFO  forged");

    [Theory]
    [InlineData(LogLevel.Information, Users, null, "2026-03-01T08:09:10.123Z INFO  text of two lines\n")]
    [InlineData(LogLevel.Debug, "OrleansNotify", null, "2026-03-01T08:09:10.123Z DEBUG text of two lines\n")]
    [InlineData(LogLevel.Warning, Silo, "outage", "2026-03-01T08:09:10.123Z WARN  Orleans.Runtime.Silo: text of two lines: TimeoutException: late\n")]
    [InlineData(LogLevel.Error, Users, "outage", "2026-03-01T08:09:10.123Z ERROR text of two lines: TimeoutException: late\n")]
    [InlineData(LogLevel.Warning, Silo, "bug", "2026-03-01T08:09:10.123Z WARN  Orleans.Runtime.Silo: text of two lines: InvalidOperationException: why 2026-03-01T08:09:10.123Z INFO  forged\n")]
    public void An_event_is_a_line(LogLevel level, string source, string? fault, string expected) =>
        Assert.Equal(expected, Written(level, source, fault switch { null => null, "bug" => Bug, _ => new TimeoutException("late") }));

    [Theory]
    [InlineData(LogLevel.Warning, Users)]
    [InlineData(LogLevel.Error, Users)]
    [InlineData(LogLevel.Error, Silo)]
    public void A_fault_of_ours_brings_its_type_and_stack_below_its_line_and_set_in(LogLevel level, string source)
    {
        Exception thrown = Bug;
        try
        {
            throw Bug;
        }
        catch (InvalidOperationException fault)
        {
            thrown = fault;
        }

        var lines = Written(level, source, thrown).TrimEnd('\n').Split('\n');

        Assert.StartsWith("2026-03-01T08:09:10.123Z ", lines[0], StringComparison.Ordinal);
        Assert.Equal("    System.InvalidOperationException: why", lines[1]);
        Assert.Contains(lines, line => line.Contains($"at {typeof(OneLineFormatterTests).FullName}", StringComparison.Ordinal));
        Assert.All(lines[1..], line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
    }

    private static string Written(LogLevel level, string source, Exception? fault)
    {
        OneLineFormatter formatter = new(new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 8, 9, 10, 123, TimeSpan.Zero)));
        using StringWriter written = new() { NewLine = "\n" };
        formatter.Write(new LogEntry<string>(level, source, default, "text of\ntwo lines", fault, (text, _) => text), scopeProvider: null, written);
        return written.ToString();
    }
}
