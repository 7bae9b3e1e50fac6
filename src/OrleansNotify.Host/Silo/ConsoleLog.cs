using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace OrleansNotify.Host.Silo;

/// <summary>What the console shows: one line for each event that a person wants to know of. Settings under <c>Logging</c> go before these.</summary>
internal static class ConsoleLog
{
    /// <summary>The setting that names the form of the log's lines.</summary>
    public const string FormatterKey = "Logging:Console:FormatterName";

    private static readonly Dictionary<string, string?> Levels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:System"] = "Warning",
        // With the dot: a level holds for whatever begins with its name, and ours begin with Orleans as well.
        ["Logging:LogLevel:Orleans."] = "Warning",
        // While a silo is gone and not yet declared dead, these tell of it hundreds of times a second, with their stacks; MembershipAgent tells it once in a while,
        // and who waited for an answer says that there was none.
        ["Logging:LogLevel:Polly"] = "Critical",
        ["Logging:LogLevel:Orleans.Messaging"] = "Critical",
        ["Logging:LogLevel:Orleans.Runtime.GrainDirectory"] = "Critical",
        ["Logging:LogLevel:Orleans.Runtime.Messaging"] = "Critical",
        ["Logging:LogLevel:Orleans.Runtime.Metadata"] = "Critical",
        ["Logging:LogLevel:Orleans.Runtime.MembershipService"] = "Error",
        // Advise a garbage collector that costs 130 MB and gains nothing here, and take a machine's sleep for a deadlock.
        ["Logging:LogLevel:Orleans.Runtime.Silo"] = "Error",
        ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",
        // A form that is too old is told to its sender.
        ["Logging:LogLevel:Microsoft.AspNetCore.Antiforgery"] = "Error",
        // The keys lie in the store beside what they protect; that they are not encrypted there is known.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
        // Those of the formatter named json; the other one always writes so.
        [FormatterKey] = OneLineFormatter.FormatterName,
        ["Logging:Console:FormatterOptions:TimestampFormat"] = OneLineFormatter.TimeFormat,
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
    };

    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = Levels });
        builder.Logging.ClearProviders();
        builder.Logging.AddNotifyConsole();
    }

    /// <summary>One line for each event, or one JSON object with <c>Logging:Console:FormatterName</c> json; in an outage, a line and a count.</summary>
    public static ILoggingBuilder AddNotifyConsole(this ILoggingBuilder logging)
    {
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.AddConsoleFormatter<OneLineFormatter, ConsoleFormatterOptions>().AddConsole();
        logging.Services.RemoveAll<ILoggerProvider>();
        logging.Services.AddSingleton<ConsoleLoggerProvider>().AddSingleton<ILoggerProvider, OutageLines>();
        return logging;
    }
}
