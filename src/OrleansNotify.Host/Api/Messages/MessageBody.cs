namespace OrleansNotify.Host.Api.Messages;

/// <summary>A request for one message, with the user it is for.</summary>
internal sealed record MessageBody : SendRequest
{
    /// <summary>The user: 1 to 128 printable ASCII characters without spaces.</summary>
    public required string UserId { get; init; }

    /// <summary>What is wrong with the user id; null where nothing is.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors() =>
        OrleansNotify.Users.UserId.IsValid(UserId) ? null : new Dictionary<string, string[]> { ["user_id"] = [OrleansNotify.Users.UserId.Rule] };

    /// <summary>What the user's grain is asked: a grain takes a request, and knows whom it is for.</summary>
    public SendRequest Request() => new()
    {
        TemplateName = TemplateName,
        TemplateVars = TemplateVars,
        Channel = Channel,
        Priority = Priority,
        Fallback = Fallback,
        IdempotencyKey = IdempotencyKey,
        Instrument = Instrument,
        AlertType = AlertType,
        SendAt = SendAt,
        ExpiresAt = ExpiresAt,
    };
}
