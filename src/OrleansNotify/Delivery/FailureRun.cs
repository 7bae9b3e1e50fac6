using System.Collections.Immutable;

namespace OrleansNotify.Delivery;

/// <summary>The failures in a row that one silo has seen of a channel, or of one push service.</summary>
internal sealed record FailureRun
{
    /// <summary>How many in a row open the circuit.</summary>
    public const int Most = 5;

    /// <summary>How long a recipient, or a template, that may be at fault itself counts once.</summary>
    private static readonly TimeSpan Once = TimeSpan.FromMinutes(1);

    public static FailureRun None { get; } = new();

    private int Count { get; init; }

    /// <summary>When each recipient and each template counted last. Fewer than <see cref="Most"/> of either: the next failure ends the run.</summary>
    private ImmutableDictionary<(bool IsTemplate, string Name), DateTimeOffset> Counted { get; init; } =
        ImmutableDictionary<(bool, string), DateTimeOffset>.Empty;

    public bool IsTooLong => Count >= Most;

    /// <summary>
    /// One more outcome. What speaks of the channel counts each time, what may speak of either once a minute for each recipient and, where the
    /// provider answered, for each template: so no number of failures of a few people stops a channel. What speaks of the recipient shows that
    /// the channel works, as a success does.
    /// </summary>
    /// <param name="sign">The outcome.</param>
    /// <param name="recipient">The address's domain; where there is none, the person.</param>
    /// <param name="template">The template's name.</param>
    /// <param name="now">The time.</param>
    public FailureRun Then(ChannelSign sign, string recipient, string template, DateTimeOffset now) => sign switch
    {
        { Works: true } => None,
        { IsFailure: false } => this,
        { SpeaksOf: SpeaksOf.Channel } => this with { Count = Count + 1 },
        _ => Either(sign.Answered ? [(false, recipient), (true, template)] : [(false, recipient)], now),
    };

    private FailureRun Either((bool, string)[] suspects, DateTimeOffset now) =>
        suspects.Any(suspect => Counted.TryGetValue(suspect, out var at) && now - at < Once)
            ? this
            : this with { Count = Count + 1, Counted = Counted.SetItems(suspects.Select(suspect => KeyValuePair.Create(suspect, now))) };
}
