namespace OrleansNotify;

/// <summary>A way to reach a person.</summary>
[GenerateSerializer, Alias("notify.Channel")]
public enum Channel
{
    /// <summary>Web push to every registered device (RFC 8030, 8291, 8292).</summary>
    Push,

    /// <summary>A Telegram message to the user's chat.</summary>
    Telegram,

    /// <summary>An email.</summary>
    Email,
}

/// <summary>The lane in which a message waits for its channel's turn.</summary>
[GenerateSerializer, Alias("notify.Priority")]
public enum Priority
{
    /// <summary>Alerts and failures; always before <see cref="Campaign"/>.</summary>
    Transactional,

    /// <summary>Marketing and education; may wait.</summary>
    Campaign,
}
