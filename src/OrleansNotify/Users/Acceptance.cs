namespace OrleansNotify.Users;

/// <summary>What becomes of a well-formed request to a known user: decided, and nothing of it done. To send and to explain both ask here.</summary>
internal sealed record Acceptance
{
    /// <summary>The message that the request makes.</summary>
    public required Message Message { get; init; }

    public required Situation At { get; init; }

    /// <summary>What follows for the message.</summary>
    public required Next Next { get; init; }

    /// <summary>What the request means (<see cref="RequestMeaning"/>); null without an idempotency key.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The receipt where the idempotency key was used before; null where it was not.</summary>
    public Receipt? Repeated { get; init; }

    /// <summary>Whether the user's outbox can take the message.</summary>
    public required bool HasRoom { get; init; }

    /// <summary>Why the message is not stored, whatever the room; null if it is.</summary>
    public string? Skipped => NewMessage.WhySkipped(Message, Next, At);

    /// <summary>The answer to the request.</summary>
    public Receipt Receipt
    {
        get
        {
            if (Repeated is not null) return Repeated;
            if (Skipped is { } reason) return new Receipt { Status = ReceiptStatus.Skipped, Reason = reason };
            if (!HasRoom) return new Receipt { Status = ReceiptStatus.Busy, Reason = Reasons.OutboxFull };
            return Next is Next.Hold { Status: MessageStatus.Deferred } hold
                ? new Receipt { MessageId = Message.Id, Status = ReceiptStatus.Deferred, Reason = hold.Reason, DeliverAt = hold.DeliverAt }
                : new Receipt { MessageId = Message.Id, Status = ReceiptStatus.Accepted };
        }
    }

    /// <param name="request">The request.</param>
    /// <param name="message">The message made of it.</param>
    /// <param name="bytes">The size of the message's stored form.</param>
    /// <param name="at">What the decision is made from.</param>
    /// <param name="outbox">The user's outbox.</param>
    public static Acceptance Of(SendRequest request, Message message, int bytes, Situation at, Outbox outbox)
    {
        var body = request.IdempotencyKey is null ? null : RequestMeaning.Of(request);
        return new Acceptance
        {
            Message = message,
            At = at,
            Next = Decision.For(message, at),
            Body = body,
            Repeated = request.IdempotencyKey is { } key && outbox.Keys.TryGetValue(key, out var used) && !used.IsOver(at.Now) ? Again(used, request) : null,
            HasRoom = outbox.HasRoomFor(bytes, request.IdempotencyKey is not null, at.Now),
        };
    }

    private static Receipt Again(UsedKey used, SendRequest request) => RequestMeaning.Is(used.Body, request)
        ? new Receipt { MessageId = used.MessageId, Status = ReceiptStatus.Duplicate }
        : new Receipt
        {
            Status = ReceiptStatus.Rejected,
            Reason = Reasons.IdempotencyKeyReused,
            Errors = new Dictionary<string, string[]> { ["idempotency_key"] = ["The key was used within the last 24 h with another request."] },
        };
}
