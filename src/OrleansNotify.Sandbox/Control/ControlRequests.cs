using OrleansNotify.Sandbox.Telegram;

namespace OrleansNotify.Sandbox.Control;

/// <summary>A fault as another process asks for it.</summary>
internal sealed record NewFault
{
    public required Receiver Receiver { get; init; }
    public required FaultKind Kind { get; init; }
    public int Status { get; init; }
    public string? Text { get; init; }

    /// <summary>In seconds.</summary>
    public int? RetryAfter { get; init; }

    public int DelayMs { get; init; }
    public SmtpStage Stage { get; init; } = SmtpStage.RcptTo;

    /// <summary>For how many requests.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Of which recipient: address, chat id, or the last part of an endpoint.</summary>
    public string? To { get; init; }

    public void AddTo(Faults faults) => faults.Add(
        Receiver,
        new Fault
        {
            Kind = Kind,
            Status = Status,
            Text = Text,
            RetryAfter = RetryAfter,
            Delay = TimeSpan.FromMilliseconds(DelayMs),
            Stage = Stage,
        },
        Times,
        To);
}

/// <summary>A subscription as another process asks for it.</summary>
internal sealed record NewSubscription(string? VapidKey = null);

/// <summary>What a chat is to be.</summary>
internal sealed record ChatMark(ChatState State = ChatState.Open, long? MovedTo = null)
{
    public void ApplyTo(TelegramChats chats, string id)
    {
        if (MovedTo is { } moved) chats.Move(id, moved);
        else chats.Mark(id, State);
    }
}
