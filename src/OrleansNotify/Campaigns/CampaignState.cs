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

    /// <summary>Counts the uploads that were begun: only the newest may go on.</summary>
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

    public CampaignState With(IEnumerable<CampaignLineError> failed)
    {
        var all = failed.ToList();
        return this with { Failed = Failed + all.Count, Errors = [.. Errors.Concat(all).Take(MostErrors)] };
    }

    public CampaignReceipt Receipt(Guid id) => new() { CampaignId = id, Queued = Targeted, Failed = Failed, Errors = Errors };

    /// <summary>How many recipients may be asked at a time: what the campaign's own rate gives in a second, or a whole batch.</summary>
    public int AtATime => Settings.Rate is { } rate ? Math.Clamp(rate / 60, 1, Settings.BatchSize) : Settings.BatchSize;

    /// <summary>After so many were asked.</summary>
    public CampaignState After(int asked, int cursor, DateTimeOffset now) => this with
    {
        Cursor = cursor,
        NotBefore = Settings.Rate is { } rate ? now + TimeSpan.FromMinutes(1) * asked / rate : null,
    };
}
