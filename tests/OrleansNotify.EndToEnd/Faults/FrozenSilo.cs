using System.Net;
using System.Text.Json;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>Freezes one of three silos, and measures for how long its users are refused by the others.</summary>
internal static class FrozenSilo
{
    private const int Users = 40;

    /// <summary>What was seen.</summary>
    /// <param name="Refused">From the freeze until every user was answered.</param>
    /// <param name="Declared">From the freeze until a silo said that it is dead.</param>
    /// <param name="Reasons">What the refusals gave as their reason.</param>
    /// <param name="ExitCode">With what it ended when it was thawed; null where it was not asked.</param>
    /// <param name="Said">What the thawed one printed.</param>
    internal sealed record Seen(TimeSpan Refused, TimeSpan Declared, IReadOnlyCollection<string> Reasons, int ExitCode, string Said);

    public static async Task<Seen> Measure()
    {
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        var environment = providers.Environment;
        await using var first = await HostProcess.Start(store.Environment().With(environment));
        await using var second = await HostProcess.Start(store.Environment().With(environment));
        await using var frozen = await HostProcess.Start(store.Environment().With(environment));
        using HostApi a = new(first), b = new(second);
        for (var user = 0; user < Users; user++) await a.SetUser($"u-{user}", email: $"u-{user}@b.example");

        var began = TimeProvider.System.GetTimestamp();
        await frozen.Signal("STOP");
        var declared = first.WaitForLine(line => line.Contains("was declared dead", StringComparison.Ordinal), "that a silo is dead", TimeSpan.FromSeconds(90));
        var declaredAfter = declared.ContinueWith(_ => TimeProvider.System.GetElapsedTime(began), TaskScheduler.Default);
        List<string> reasons = [];
        var refused = await Task.WhenAll(Enumerable.Range(0, Users).Select(user => UntilAnswered(user % 2 == 0 ? a : b, $"u-{user}", began, reasons)));
        await declared;

        await frozen.Signal("CONT");
        var code = await frozen.WaitForExit(TimeSpan.FromSeconds(60));
        return new Seen(refused.Max(), await declaredAfter, [.. reasons.Distinct()], code, frozen.Output);
    }

    // Asked by a program that asks again after a refusal, until it is answered three times in a row: calls under way are cut when it is declared dead.
    private static async Task<TimeSpan> UntilAnswered(HostApi api, string user, long began, List<string> reasons)
    {
        var last = TimeSpan.Zero;
        var inRow = 0;
        await Poll.Until(async () =>
        {
            using var answer = await api.Send(HttpMethod.Get, $"/api/v1/users/{user}");
            inRow = answer.StatusCode == HttpStatusCode.OK ? inRow + 1 : 0;
            if (answer.StatusCode == HttpStatusCode.OK) return inRow == 30;
            last = TimeProvider.System.GetElapsedTime(began);
            var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
            lock (reasons) reasons.Add(problem.GetProperty("reason").GetString()!);
            return false;
        }, () => $"answer for {user}", TimeSpan.FromSeconds(120), TimeSpan.FromMilliseconds(500));
        return last;
    }
}
