using System.Collections.Immutable;

namespace OrleansNotify.Campaigns;

/// <summary>What is stored of a campaign beside its recipients and its status.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignState")]
internal sealed record CampaignState
{
    /// <summary>Errors that are kept of an upload.</summary>
    public const int MostErrors = 100;

    [Id(0)]
    public required CampaignSettings Settings { get; init; }

    /// <summary>Names the upload: only the newest may go on.</summary>
    [Id(1)]
    public required int Upload { get; init; }

    /// <summary>Recipients of the whole audience.</summary>
    [Id(2)]
    public int Targeted { get; init; }

    /// <summary>Lines of the audience that are not sent to.</summary>
    [Id(3)]
    public int Failed { get; init; }

    [Id(4)]
    public ImmutableArray<CampaignLineError> Errors { get; init; } = [];

    /// <summary>The first place that was not asked yet.</summary>
    [Id(5)]
    public int Cursor { get; init; }

    /// <summary>Not before this time are more messages made: the campaign's own rate.</summary>
    [Id(6)]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When its upload began, by the store's clock; null where an older version began it.</summary>
    [Id(7)]
    public DateTimeOffset? CreatedAt { get; init; }

    public CampaignState With(IEnumerable<CampaignLineError> failed)
    {
        var all = failed.ToList();
        return this with { Failed = Failed + all.Count, Errors = [.. Errors.Concat(all).Take(MostErrors)] };
    }

    /// <summary>Whether its time has passed, by the wall clock.</summary>
    public bool IsExpired(DateTimeOffset now) => Settings.ExpiresAt <= now;

    /// <summary>
    /// What whoever has no message yet counts as: such a one is settled with the campaign, and nothing is swept. Null while messages are made.
    /// </summary>
    public CampaignRecipientState? EndOf(CampaignStatus status, DateTimeOffset now)
    {
        if (status == CampaignStatus.Cancelled) return CampaignRecipientState.Cancelled;
        // One that is done had nobody left but those it expired for.
        return status == CampaignStatus.Done || IsExpired(now) ? CampaignRecipientState.Expired : null;
    }

    /// <summary>How long it still has to wait for its start, by the wall clock; not above zero where it need not.</summary>
    public TimeSpan UntilStart(DateTimeOffset now) => Settings.StartAt - now ?? TimeSpan.Zero;

    public CampaignReceipt Receipt(Guid id) => new() { CampaignId = id, Queued = Targeted, Failed = Failed, Errors = Errors };

    /// <summary>
    /// How many recipients may be asked now, where so many messages wait: the rest of a batch; with a rate of its own, what that gives in a
    /// second, and no more than ten seconds' worth in advance, or a channel that comes back would let them all go at once.
    /// </summary>
    public int Room(long waiting)
    {
        var most = Settings.Rate is { } rate ? Math.Clamp(rate / 6, 1, Settings.BatchSize) : Settings.BatchSize;
        return (int)Math.Clamp(most - waiting, 0, AtATime);
    }

    private int AtATime => Settings.Rate is { } rate ? Math.Clamp(rate / 60, 1, Settings.BatchSize) : Settings.BatchSize;

    /// <summary>After so many were asked.</summary>
    public CampaignState After(int asked, int cursor, DateTimeOffset now) => this with
    {
        Cursor = cursor,
        // So much slower that the last of those within a minute cannot go beyond it.
        NotBefore = Settings.Rate is { } rate ? now + Math.Ceiling((double)asked / (rate - AtATime + 1) * TimeSpan.TicksPerMinute) * TimeSpan.FromTicks(1) : null,
    };
}
