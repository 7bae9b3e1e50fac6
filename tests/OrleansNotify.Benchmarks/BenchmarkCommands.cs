using System.CommandLine;
using BenchmarkDotNet.Running;
using OrleansNotify.Benchmarks.Bare;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Benchmarks.Receiving;
using OrleansNotify.Benchmarks.Rules;

namespace OrleansNotify.Benchmarks;

/// <summary>What this program can be told to do.</summary>
internal static class BenchmarkCommands
{
    private static readonly Option<Channel> s_channel = new("--channel") { Description = "push, telegram or email.", Required = true };
    private static readonly Option<int> s_messages = new("--messages") { Description = "How many, each to a user of its own.", DefaultValueFactory = _ => 20_000 };
    private static readonly Option<Channel> s_campaignChannel = new("--channel") { Description = "push, telegram or email.", DefaultValueFactory = _ => Channel.Email };
    private static readonly Option<int> s_recipients = new("--recipients") { Description = "How many, all of whom can be reached.", DefaultValueFactory = _ => 20_000 };
    private static readonly Option<int> s_batchSize = new("--batch-size") { Description = "The campaign's batch_size.", DefaultValueFactory = _ => 100 };
    private static readonly Option<string> s_store = Store();
    private static readonly Option<int> s_batch = new("--batch") { Description = "Messages in one request.", DefaultValueFactory = _ => 100 };
    private static readonly Option<int> s_callers = new("--callers") { Description = "Requests under way at a time.", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> s_rounds = new("--rounds")
    {
        Description = "Rounds after one another, each to other users; the first finds a cold process.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string?> s_host = new("--host")
    {
        Description = "The folder of a published host, such as one compiled ahead of time, instead of the one built with this program.",
    };

    public static Task<int> Run(string[] arguments)
    {
        RootCommand root = new("Load, latency and micro benchmarks of OrleansNotify, and its rules held against the provider's clock. Everything is on loopback, in processes of its own.")
        {
            Command("load", "Sends many messages as fast as they go, beside a bare sender; one line of JSON for each.",
                [s_channel, s_messages, s_store, s_host, s_batch, s_callers, s_rounds], parsed => LoadRun.Run(Settings(parsed) with
                {
                    Batch = parsed.GetValue(s_batch), Callers = parsed.GetValue(s_callers), Rounds = parsed.GetValue(s_rounds),
                })),
            Command("calm", "Sends one message at a time, and tells how long each took to the provider.",
                [s_channel, s_messages, s_store, s_host], parsed => CalmRun.Run(Settings(parsed))),
            Command("campaign", "Uploads a campaign and lets it run with no limit; recipients per second, memory and Redis commands in one line of JSON.",
                [s_campaignChannel, s_recipients, s_batchSize, s_store, s_host], parsed => CampaignRun.Run(new LoadSettings
                {
                    Channel = parsed.GetValue(s_campaignChannel),
                    Messages = parsed.GetValue(s_recipients),
                    Embedded = parsed.GetValue(s_store) == "embedded",
                    Host = parsed.GetValue(s_host),
                }, parsed.GetValue(s_batchSize))),
            Command("bare", "The bare sender alone.", [s_channel, s_messages], async parsed =>
            {
                (await BareRun.Measure(parsed.GetValue(s_channel), parsed.GetValue(s_messages))).Print();
                return 0;
            }),
            Command("micro", "Rendering, encryption and commits, each alone, by BenchmarkDotNet; takes minutes.", [], _ =>
            {
                BenchmarkRunner.Run(typeof(BenchmarkCommands).Assembly);
                return Task.FromResult(0);
            }),
            Hidden(Command("receiver", "The provider's side of a run.", [], _ => Receiver.Run())),
            Hidden(Command("bare-sender", "The sender's side of bare.", [s_channel, s_messages],
                parsed => BareSender.Run(parsed.GetValue(s_channel), parsed.GetValue(s_messages)))),
        };
        foreach (var command in RulesCommands.All) root.Add(command);
        return root.Parse(arguments).InvokeAsync();
    }

    private static Option<string> Store()
    {
        Option<string> store = new("--store") { Description = "redis, or embedded for the host's own.", DefaultValueFactory = _ => "redis" };
        return store.AcceptOnlyFromAmong("redis", "embedded");
    }

    private static LoadSettings Settings(ParseResult parsed) => new()
    {
        Channel = parsed.GetValue(s_channel),
        Messages = parsed.GetValue(s_messages),
        Embedded = parsed.GetValue(s_store) == "embedded",
        Host = parsed.GetValue(s_host),
    };

    private static Command Command(string name, string description, Option[] options, Func<ParseResult, Task<int>> run)
    {
        Command command = new(name, description);
        foreach (var option in options) command.Add(option);
        command.SetAction((parsed, _) => run(parsed));
        return command;
    }

    private static Command Hidden(Command command)
    {
        command.Hidden = true;
        return command;
    }
}
