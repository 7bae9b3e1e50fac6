using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Host.Silo;

namespace OrleansNotify.Tests.Host;

public sealed class OneLineFormatterTests
{
    [Theory]
    [InlineData(LogLevel.Information, "OrleansNotify.Users.UserGrain", null, "08:09:10 INFO  text of two lines\n")]
    [InlineData(LogLevel.Warning, "Orleans.Runtime.Silo", "why", "08:09:10 WARN  Orleans.Runtime.Silo: text of two lines: why\n")]
    [InlineData(LogLevel.Debug, "OrleansNotify", null, "08:09:10 DEBUG text of two lines\n")]
    [InlineData(LogLevel.Error, "OrleansNotify", "why", "08:09:10 ERROR text of two lines: why\nSystem.InvalidOperationException: why\n")]
    public void An_event_is_a_line(LogLevel level, string source, string? fault, string expected)
    {
        OneLineFormatter formatter = new(new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 8, 9, 10, TimeSpan.Zero)));
        using StringWriter written = new() { NewLine = "\n" };

        formatter.Write(
            new LogEntry<string>(level, source, default, "text of\ntwo lines", fault is null ? null : new InvalidOperationException(fault), (text, _) => text),
            scopeProvider: null, written);

        Assert.Equal(expected, written.ToString());
    }
}
