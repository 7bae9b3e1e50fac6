using OrleansNotify.Templates;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Cluster;

/// <summary>Messages and situations for the pure rules.</summary>
internal static class World
{
    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static PushDevice Device { get; } = DeviceAt("https://fcm.googleapis.com/1");

    public static PushDevice DeviceAt(string endpoint) =>
        new() { Id = "d" + endpoint[^1], Endpoint = endpoint, P256dh = [], Auth = [], VapidKey = "", CreatedAt = Now };

    public static Profile Everywhere { get; } = new()
    {
        Known = true,
        Addresses = new Addresses { Email = Given.Email, TelegramChatId = Given.Chat, Devices = [Device] },
    };

    public static Situation At(Profile? profile = null, TimeSpan after = default, MessageTemplate? template = null) => new()
    {
        Now = Now + after,
        WallNow = Now + after,
        Chance = 0,
        Profile = profile ?? Everywhere,
        Template = template ?? TestTemplates.Catalog.Find("price_alert_triggered"),
        Renderable = true,
        Configured = [Channel.Push, Channel.Telegram, Channel.Email],
    };

    public static Message Message { get; } = NewMessage.From(
        Given.Alert, "ann", TestTemplates.Catalog.Find("price_alert_triggered")!.Manifest, Now, Now);

    /// <summary>The message with an attempt running on the first channel of its plan.</summary>
    public static Message Sending(this Message message, Situation at, params Channel[] plan) =>
        Transition.Begin(message, [.. plan], "silo", TimeSpan.FromSeconds(30), at);

    public static MessageTemplate Template(string name) => TestTemplates.Catalog.Find(name)!;
}
