using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using OrleansNotify.Host.Store;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;

namespace OrleansNotify.Host.Health;

/// <summary>Whether the process lives (<c>/healthz</c>), and whether it can do its work (<c>/readyz</c>).</summary>
internal static class HealthRoutes
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => TypedResults.Json(new { status = "alive" })).ExcludeFromDescription();
        app.MapGet("/readyz", Ready).ExcludeFromDescription();
    }

    private static async Task<JsonHttpResult<Readiness>> Ready(
        StoreHealth store, ISiloStatusOracle silos, IHostApplicationLifetime life, NotifyOptions options, ChannelWatch channels, StoreClock clock)
    {
        var look = await store.Look();
        Readiness readiness = new(
            look.Trouble is { } trouble ? StoreTroubles.Word(trouble) : "ok",
            look.Trouble is null ? look.Took.TotalMilliseconds : null,
            store.IsDiskFull ? "nearly full" : "ok",
            life.ApplicationStopping.IsCancellationRequested ? "stopping" : Name(silos.CurrentStatus),
            ChannelReport.OfAll(options, channels, clock));
        return TypedResults.Json(readiness, statusCode: readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static string Name(SiloStatus status) => status == SiloStatus.Active ? "active" : status.ToString().ToLowerInvariant();
}

/// <summary>
/// What a silo needs to do its work, and whether it has it. A channel that fails makes no silo unready: its messages wait, or take another.
/// </summary>
internal sealed record Readiness(string Store, double? StorePingMs, string Disk, string Silo, IReadOnlyDictionary<string, ChannelReport> Channels)
{
    [JsonIgnore]
    public bool IsReady => this is { Store: "ok", Disk: "ok", Silo: "active" };

    public string Status => IsReady ? "ready" : "not ready";
}
