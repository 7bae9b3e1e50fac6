namespace OrleansNotify;

/// <summary>What a caller asks of <see cref="IUserGrain.Send"/>: one message to the grain's user.</summary>
[GenerateSerializer, Immutable, Alias("notify.SendRequest")]
public record SendRequest
{
    /// <summary>The template's folder name, such as <c>position_failure_sl</c>.</summary>
    [Id(0)]
    public required string TemplateName { get; init; }

    /// <summary>The template's variables, at most 16 KiB.</summary>
    [Id(1)]
    public TemplateVars TemplateVars { get; init; } = TemplateVars.Empty;

    /// <summary>The channel to try first; without one, the first of the user's own order.</summary>
    [Id(2)]
    public Channel? Channel { get; init; }

    /// <summary>The lane; transactional unless said otherwise.</summary>
    [Id(3)]
    public Priority Priority { get; init; } = Priority.Transactional;

    /// <summary>Whether other channels of the user may be tried when the first one fails.</summary>
    [Id(4)]
    public bool Fallback { get; init; } = true;

    /// <summary>1 to 128 characters; the same key for the same user within 24 h answers the first receipt and sends nothing.</summary>
    [Id(5)]
    public string? IdempotencyKey { get; init; }

    /// <summary>The instrument that the user may have switched off; the variable of that name unless said otherwise.</summary>
    [Id(6)]
    public string? Instrument { get; init; }

    /// <summary>The alert type that the user may have switched off; the template's name unless said otherwise.</summary>
    [Id(7)]
    public string? AlertType { get; init; }

    /// <summary>Not before this time.</summary>
    [Id(8)]
    public DateTimeOffset? SendAt { get; init; }

    /// <summary>Not after this time: what is not sent by then settles as expired.</summary>
    [Id(9)]
    public DateTimeOffset? ExpiresAt { get; init; }
}
