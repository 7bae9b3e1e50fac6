using System.CommandLine;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>The commands that hold the rules against a clock that is not the cluster's. Each ends with 1 when a rule did not hold.</summary>
internal static class RulesCommands
{
    private static readonly Option<Channel> s_channel = new("--channel") { Description = "telegram or email.", DefaultValueFactory = _ => Channel.Telegram };
    private static readonly Option<Priority> s_lane = new("--lane") { Description = "transactional or campaign.", DefaultValueFactory = _ => Priority.Campaign };
    private static readonly Option<int> s_seconds = new("--seconds") { Description = "How long to look; email wants some minutes.", DefaultValueFactory = _ => 60 };
    private static readonly Option<bool> s_kill = new("--kill") { Description = "Kills the silo that gives the turns, twice; how much of the rate is used is then not asked for." };
    private static readonly Option<int> s_backlog = new("--backlog") { Description = "Campaign messages that wait.", DefaultValueFactory = _ => 20_000 };
    private static readonly Option<int?> s_campaign = new("--campaign")
    {
        Description = "Start a campaign to so many instead; the first of them, as many as --backlog says, are users that there are.",
    };

    private static readonly Option<int> s_alerts = new("--alerts") { Description = "Transactional messages, one after another.", DefaultValueFactory = _ => 100 };
    private static readonly Option<int> s_messages = new("--messages") { Description = "How many, in each of the two parts.", DefaultValueFactory = _ => 1000 };
    private static readonly Option<int> s_failures = new("--failures") { Description = "Failures of each message in the first part, 1 to 5.", DefaultValueFactory = _ => 3 };
    private static readonly Option<int> s_outage = new("--outage") { Description = "Seconds for which the provider fails everybody in the second part.", DefaultValueFactory = _ => 15 };
    private static readonly Option<int> s_users = new("--users") { Description = "How many, with a message each, every other one a campaign's.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<string> s_limit = new("--limit") { Description = "Telegram's limit in this run, or off.", DefaultValueFactory = _ => "500/1s" };
    private static readonly Option<int?> s_ahead = new("--ahead") { Description = "Seconds from the first accept to the moment; by default what the users' creation suggests." };

    public static IEnumerable<Command> All =>
    [
        Command("rate", """
            Two silos, a standing backlog in one lane: counts at the provider the most sends in any window of the channel's limit (20 in 1 s, 100
            in 1 min), and which share of the limit is used. Fails above 22 and 105, below 85 % (campaign) and 92 % (transactional).
            """,
            [s_channel, s_lane, s_seconds, s_kill], parsed => RateRun.Run(
                parsed.GetValue(s_channel), parsed.GetValue(s_lane), TimeSpan.FromSeconds(parsed.GetValue(s_seconds)), parsed.GetValue(s_kill))),
        Command("overtake", """
            Single transactional Telegram messages by one silo, first without, then behind a campaign's backlog that entered by the other, then
            after that one, which gives the turns, was killed. Fails where a median or p99 is over 1.5 times the one without the backlog.
            """,
            [s_backlog, s_alerts, s_campaign],
            parsed => OvertakeRun.Run(parsed.GetValue(s_backlog), parsed.GetValue(s_alerts), parsed.GetValue(s_campaign))),
        Command("recover", """
            A mail server that fails at first, for four people, then for everybody: all messages arrive, no attempt before its time (1, 2, 4, 8,
            16 s), and afterwards the agenda is empty and the reminder table holds the shards' reminders alone. Limits are off.
            """,
            [s_messages, s_failures, s_outage], parsed => RecoverRun.Run(
                parsed.GetValue(s_messages), parsed.GetValue(s_failures), TimeSpan.FromSeconds(parsed.GetValue(s_outage)))),
        Command("night", """
            Many users' messages held until the same moment: all are sent after it, none before, within the limit, transactional ones first. Tells
            what hosts and Redis used before, meanwhile and afterwards.
            """,
            [s_users, s_limit, s_ahead], parsed => NightRun.Run(
                parsed.GetValue(s_users), parsed.GetValue(s_limit)!, parsed.GetValue(s_ahead) is { } seconds ? TimeSpan.FromSeconds(seconds) : null)),
    ];

    private static Command Command(string name, string description, Option[] options, Func<ParseResult, Task<int>> run)
    {
        Command command = new(name, description.ReplaceLineEndings(" "));
        foreach (var option in options) command.Add(option);
        command.SetAction((parsed, _) => run(parsed));
        return command;
    }
}
