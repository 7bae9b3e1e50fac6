using System.Collections.Immutable;
using OrleansNotify.Storage;

namespace OrleansNotify.EndToEnd.Faults.Node;

/// <summary>The points at which a host may be killed.</summary>
internal static class KillPoints
{
    public const string BeforeSend = "send:before", AfterSend = "send:after";

    private const string Accept = "accept", Begin = "begin", Settle = "settle", Redrive = "redrive", Checkpoint = "checkpoint";

    /// <summary>
    /// All of them; <c>begin:before</c> is between the permit and the begin, <c>send:after</c> between the provider's yes and the settling,
    /// <c>checkpoint:before</c> between a campaign's expansion and its checkpoint.
    /// </summary>
    public static ImmutableArray<string> All { get; } =
    [
        $"{Accept}:before", $"{Accept}:after", $"{Begin}:before", $"{Begin}:after", BeforeSend, AfterSend,
        $"{Settle}:before", $"{Settle}:after", $"{Redrive}:before", $"{Redrive}:after",
        $"{Checkpoint}:before", $"{Checkpoint}:after",
    ];

    /// <summary>Whether only the host passes there that a campaign's grain is on.</summary>
    public static bool IsOfCampaign(string point) => point.StartsWith(Checkpoint, StringComparison.Ordinal);

    /// <summary>What a commit does; null for one that is nothing of these.</summary>
    public static string? NameOf(Commit commit, Keys keys) =>
        commit.Writes.Any(write => write.Stage == WriteStage.Campaign && write.Key == commit.Outbox) ? Checkpoint
        : commit.Conditions.Any(condition => condition.Key == keys.Letters) ? Redrive
        : commit.Conditions.Any(condition => condition.Kind == "before") ? Begin
        : commit.Writes.Any(write => write.Stage == WriteStage.LetterAndHistory) ? Settle
        : commit.Writes.Any(IsNewKey) ? Accept
        : null;

    // Every request of the harness carries an idempotency key.
    private static bool IsNewKey(Write write) => write is { Stage: WriteStage.Outbox, Command: "HSET" }
        && write.Args.Where((_, at) => at % 2 == 0).Any(field => ((string)field!).StartsWith((string)Codec.KeyField("")!, StringComparison.Ordinal));
}
