using System.Net;
using System.Text.Json;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

/// <summary>What holds a message is said with it, and told by explain, while providers of a real host fail.</summary>
public sealed class HeldTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, string> s_ourLog = new() { ["Logging__LogLevel__OrleansNotify"] = "Information" };

    [Fact]
    public async Task While_Telegrams_circuit_is_open_the_message_and_explain_say_so()
    {
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment));
        using HostApi api = new(host);
        for (var i = 0; i < 3; i++) await api.SetUser($"u{i}", chat: $"{1001 + i}");
        Assert.Equal("pass", (await Gate(api, "u0", "circuit")).GetProperty("verdict").GetString());

        // The Bot API refuses our token, as it does when another has been made.
        providers.Faults.Add(Receiver.Telegram, new Fault { Kind = FaultKind.Reply, Status = 401 }, int.MaxValue);
        var first = await api.SendAlert("u0", "telegram", fallback: false);
        await Poll.Until(async () => (await Held(api, "u0", first)).Reason == "circuit_open", () => "message that says that the circuit is open", s_patience);
        var (second, third) = (await api.SendAlert("u1", "telegram", fallback: false), await api.SendAlert("u1", "telegram", fallback: false));

        foreach (var (user, id) in new[] { ("u0", first), ("u1", second), ("u1", third) })
        {
            var held = await Held(api, user, id);
            Assert.Equal(("circuit_open", "telegram"), (held.Reason, held.Channel));
        }

        // In the timeline as well, also of the one that waits behind another for its chat.
        foreach (var id in new[] { second, third })
        {
            var last = (await api.Message("u1", id)).GetProperty("events").EnumerateArray().Last();
            Assert.Equal(("waiting", "circuit_open"), (last.GetProperty("type").GetString(), last.GetProperty("detail").GetString()));
        }

        var gate = await Gate(api, "u2", "circuit");
        Assert.Equal(("defer", "circuit_open"), (gate.GetProperty("verdict").GetString(), gate.GetProperty("reason").GetString()));
        Assert.Equal("pass", (await Gate(api, "u1", "chat")).GetProperty("verdict").GetString());

        providers.Faults.Clear();
        foreach (var (user, id) in new[] { ("u0", first), ("u1", second), ("u1", third) })
        {
            var sent = await api.WaitFor(user, id, "sent", TimeSpan.FromSeconds(90));
            Assert.False(sent.TryGetProperty("held", out var held) && held.ValueKind != JsonValueKind.Null);
        }

        Assert.Equal("pass", (await Gate(api, "u2", "circuit")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task While_chats_are_asked_to_wait_that_is_said_and_an_owner_ends_it()
    {
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment, s_ourLog));
        using HostApi api = new(host);
        for (var i = 0; i < 4; i++) await api.SetUser($"u{i}", chat: $"{1001 + i}");
        for (var i = 0; i < 3; i++)
            providers.Faults.Add(Receiver.Telegram, new Fault { Kind = FaultKind.Reply, Status = 429, RetryAfter = 172_800 }, to: $"{1001 + i}");

        var first = await api.SendAlert("u0", "telegram", fallback: false);
        await Poll.Until(async () => (await Held(api, "u0", first)).Reason == "429", () => "message that was asked to wait", s_patience);
        var behind = await api.SendAlert("u0", "telegram", fallback: false);
        Assert.Equal("address_paused", (await Held(api, "u0", behind)).Reason);
        Assert.Equal("pass", (await Gate(api, "u3", "pause")).GetProperty("verdict").GetString());

        for (var i = 1; i < 3; i++) await api.SendAlert($"u{i}", "telegram", fallback: false);
        JsonElement gate = default;
        await Poll.Until(async () => (gate = await Gate(api, "u3", "pause")).GetProperty("verdict").GetString() == "defer", () => "pause of the channel", s_patience);
        Assert.Equal("channel_paused", gate.GetProperty("reason").GetString());
        Assert.True(gate.GetProperty("until").GetDateTimeOffset() <= TimeProvider.System.GetUtcNow().AddHours(1), gate.ToString());
        var waits = await api.SendAlert("u3", "telegram", fallback: false);
        Assert.Equal("channel_paused", (await Held(api, "u3", waits)).Reason);

        await api.Ask(HttpMethod.Delete, "/api/v1/channels/telegram/pause", expect: HttpStatusCode.NoContent);
        await api.WaitFor("u3", waits, "sent", s_patience);
        await host.WaitForLine(line => line.Contains("The pauses of Telegram were lifted by", StringComparison.Ordinal), "the use of the route", s_patience);
        await Poll.Until(async () => (await Gate(api, "u0", "pause")).GetProperty("verdict").GetString() == "pass", () => "end of every pause", s_patience);
        // Behind the one before it in that chat, which looks every half minute whether its pause is over.
        await api.WaitFor("u0", await api.SendAlert("u0", "telegram", fallback: false), "sent", TimeSpan.FromSeconds(90));
    }

    private static async Task<(string? Reason, string? Channel)> Held(HostApi api, string user, string id)
    {
        var message = await api.Message(user, id);
        return message.TryGetProperty("held", out var held) && held.ValueKind == JsonValueKind.Object
            ? (held.GetProperty("reason").GetString(), held.TryGetProperty("channel", out var channel) ? channel.GetString() : null)
            : (null, null);
    }

    private static async Task<JsonElement> Gate(HostApi api, string user, string name)
    {
        var explained = await api.Ask(HttpMethod.Post, "/api/v1/messages/explain", HostApi.Alert(user, "telegram", key: null, fallback: false));
        return explained.GetProperty("gates").EnumerateArray().Single(gate => gate.GetProperty("gate").GetString() == name);
    }
}
