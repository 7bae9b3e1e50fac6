using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace OrleansNotify.Host.Silo;

/// <summary>
/// A line for each event: time in UTC, level, message. Others' events name their source. Only an error brings its stack trace, below its
/// line; control characters, which may come from outside, are taken out of the line.
/// </summary>
internal sealed class OneLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "one-line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write($"{clock.GetUtcNow():HH:mm:ss} {Label(logEntry.LogLevel)} ");
        if (!logEntry.Category.StartsWith("OrleansNotify", StringComparison.Ordinal)) textWriter.Write(logEntry.Category + ": ");
        textWriter.Write(OneLine(message));
        if (logEntry.Exception is { } fault) textWriter.Write(": " + OneLine(fault.Message));
        textWriter.WriteLine();
        if (logEntry.Exception is { } error && logEntry.LogLevel >= LogLevel.Error) textWriter.WriteLine(error);
    }

    private static string OneLine(string text) => string.Create(text.Length, text, static (line, source) =>
    {
        for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(source[i]) ? ' ' : source[i];
    });

    private static string Label(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARN ",
        LogLevel.Information => "INFO ",
        _ => "DEBUG",
    };
}
