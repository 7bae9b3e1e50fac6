using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OrleansNotify.Tests.Cluster;

/// <summary>Waits for what other threads bring about; says what was missing when it does not come.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(180);

    public static Task True(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        True(() => Task.FromResult(condition()), what);

    public static Task True(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        True(condition, () => what);

    /// <param name="condition">What is to come true.</param>
    /// <param name="what">Says what is missing, as it stands at the end.</param>
    public static async Task True(Func<Task<bool>> condition, Func<string> what)
    {
        var began = Stopwatch.GetTimestamp();
        using PeriodicTimer poll = new(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > s_patience) Assert.Fail($"This did not come true within {s_patience.TotalSeconds} s: {what()}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
