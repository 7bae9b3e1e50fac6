using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansNotify.Sandbox.Push;
using OrleansNotify.Sandbox.Telegram;

namespace OrleansNotify.Sandbox.Control;

/// <summary>The routes by which another process on this machine looks at the sandbox and tells it what to do.</summary>
internal static class ControlRoutes
{
    private const int MostAtOnce = 1000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Maps <c>/sandbox/…</c>.</summary>
    public static void MapControl(this IEndpointRouteBuilder routes, Inbox inbox, Faults faults, PushService push, TelegramChats chats)
    {
        routes.MapGet("/sandbox/inbox", http => Answer(http, Since(inbox, http.Request.Query["after"].ToString())));
        routes.MapDelete("/sandbox/inbox", http => Do(http, () =>
        {
            inbox.Clear();
            inbox.Counters.Clear();
        }));
        routes.MapGet("/sandbox/counters", http => Answer(http, Enum.GetValues<Receiver>().ToDictionary(each => each, inbox.Counters.Of)));
        foreach (var receiver in Enum.GetValues<Receiver>())
            routes.MapGet($"/sandbox/counters/{receiver}", http => Answer(http, inbox.Counters.TimesOf(receiver)));
        routes.MapPost("/sandbox/faults", async http =>
        {
            if (await Read<NewFault>(http) is { } fault) await Do(http, () => fault.AddTo(faults));
        });
        routes.MapDelete("/sandbox/faults", http => Do(http, faults.Clear));
        routes.MapPost("/sandbox/subscriptions", async http =>
        {
            if (await Read<NewSubscription>(http) is { } wanted) await Answer(http, JsonDocument.Parse(push.NewSubscription(wanted.VapidKey).ToJson()));
        });
        routes.MapDelete("/sandbox/subscriptions/{id}", http =>
        {
            http.Response.StatusCode = push.Expire(Route(http, "id")) ? 204 : 404;
            return Task.CompletedTask;
        });
        routes.MapPut("/sandbox/chats/{id}", async http =>
        {
            if (await Read<ChatMark>(http) is { } mark) await Do(http, () => mark.ApplyTo(chats, Route(http, "id")));
        });
    }

    private static IEnumerable<object> Since(Inbox inbox, string after)
    {
        var from = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return inbox.Items.Where(item => item.Number > from).Take(MostAtOnce).Select(ControlItem.Of);
    }

    private static async Task<T?> Read<T>(HttpContext http)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Json, http.RequestAborted) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException fault)
        {
            http.Response.StatusCode = 400;
            await Answer(http, new { error = fault.Message });
            return null;
        }
    }

    private static Task Do(HttpContext http, Action action)
    {
        action();
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static Task Answer<T>(HttpContext http, T value) =>
        http.Answer(http.Response.StatusCode, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, Json));

    private static string Route(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;
}
