using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace OrleansNotify.Host.Silo;

/// <summary>
/// A line for each event: date and time in UTC (RFC 3339), level, message, and of a fault its type and text. Others' events name their source.
/// Control characters, which may come from outside, are taken out of the line. A fault of ours brings its stack trace, below its line and set
/// in, so that no text of it can look like a line of its own; an outage, which is nobody's mistake in the code, does not.
/// </summary>
internal sealed class OneLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "one-line";

    /// <summary>How dates and times are written.</summary>
    public const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private const string Indent = "    ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var isOurs = logEntry.Category.StartsWith("OrleansNotify", StringComparison.Ordinal);
        textWriter.Write($"{clock.GetUtcNow().ToString(TimeFormat, System.Globalization.CultureInfo.InvariantCulture)} {Label(logEntry.LogLevel)} ");
        if (!isOurs) textWriter.Write(logEntry.Category + ": ");
        textWriter.Write(OneLine(message));
        if (logEntry.Exception is not { } fault)
        {
            textWriter.WriteLine();
            return;
        }

        textWriter.WriteLine($": {fault.GetType().Name}: {OneLine(fault.Message)}");
        if (logEntry.LogLevel < (isOurs ? LogLevel.Warning : LogLevel.Error) || Outage.Is(fault)) return;
        foreach (var line in fault.ToString().Split('\n')) textWriter.WriteLine(Indent + OneLine(line.TrimEnd('\r')));
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
