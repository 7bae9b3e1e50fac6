using OrleansNotify.Sandbox.Smtp;

namespace OrleansNotify.Sandbox;

/// <summary>What the sandbox is started with.</summary>
public sealed record SandboxOptions
{
    /// <summary>The loopback port of the Bot API, the push service and the control routes; 0 for a free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>The SMTP server, its port included.</summary>
    public SmtpServerOptions Smtp { get; init; } = new();

    /// <summary>The only bot token that the Bot API knows: digits, a colon, letters and digits.</summary>
    public string BotToken { get; init; } = "100200300:sandbox-bot-token";

    /// <summary>How many deliveries the inbox keeps; the counters count all.</summary>
    public int InboxCapacity { get; init; } = 10_000;

    /// <summary>For load tests: neither the markup of Telegram texts is read nor a push decrypted; both are counted only.</summary>
    public bool CountOnly { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(SandboxOptions)} {HttpPort}";
}
