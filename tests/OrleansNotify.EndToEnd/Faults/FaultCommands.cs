using System.CommandLine;
using OrleansNotify.EndToEnd.Faults.Node;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>What this program does beside its tests.</summary>
internal static class FaultCommands
{
    private static readonly string[] s_names = ["faults", "node", "frozen"];

    private static readonly Option<int> s_seed = new("--seed") { Description = "What is left to chance is drawn from it.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> s_messages = new("--messages") { Description = "How many messages.", DefaultValueFactory = _ => 300 };
    private static readonly Option<bool> s_embedded = new("--embedded") { Description = "One host with its own store, instead of three on Redis." };

    private static readonly Option<FaultType[]> s_only = new("--only")
    {
        Description = "The kinds of faults; all, where it is missing.",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Whether the arguments name one of these; if not, they are the test runner's.</summary>
    public static bool Know(string[] arguments) => Own(arguments).Length > 0;

    // `dotnet run` puts the test runner's own options before them.
    private static string[] Own(string[] arguments) => [.. arguments.SkipWhile(argument => !s_names.Contains(argument))];

    public static Task<int> Run(string[] arguments)
    {
        Command faults = new(s_names[0], "Sends messages while hosts, Redis and providers fail, and compares what was accepted with what arrived.") { s_seed, s_messages, s_embedded, s_only };
        faults.SetAction(async (parsed, _) =>
        {
            var ledger = await FaultRun.Run(new FaultSettings
            {
                Seed = parsed.GetValue(s_seed),
                Messages = parsed.GetValue(s_messages),
                Embedded = parsed.GetValue(s_embedded),
                Only = parsed.GetValue(s_only) is { Length: > 0 } only ? only : null,
                StoreStopped = TimeSpan.FromSeconds(parsed.GetValue(s_messages) > 1000 ? 20 : 5),
                Say = Console.Out.WriteLine,
            });
            Console.Out.WriteLine(ledger);
            return ledger.Wrong.Count == 0 ? 0 : 1;
        });
        Argument<string> control = new("control");
        Command node = new(s_names[1], "A host that can be told where to die.") { control };
        node.SetAction((parsed, _) => FaultNode.Run(parsed.GetValue(control)!));
        Command frozen = new(s_names[2], "Freezes one of three silos, and tells for how long its users were refused by the others.");
        frozen.SetAction(async (_, _) =>
        {
            var seen = await FrozenSilo.Measure();
            Console.Out.WriteLine($"declared dead after {seen.Declared.TotalSeconds:0.0} s, refused for {seen.Refused.TotalSeconds:0.0} s ({string.Join(", ", seen.Reasons)}); thawed, it ended with {seen.ExitCode}");
            return 0;
        });
        return new RootCommand { faults, node, frozen }.Parse(Own(arguments)).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }
}
