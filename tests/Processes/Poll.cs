namespace OrleansNotify.Tests.Processes;

/// <summary>Waits for something in another process, which can only be asked.</summary>
internal static class Poll
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes, every 50 ms or as seldom as is said; says what was missing when the time is up.</summary>
    public static async Task Until(Func<Task<bool>> holds, Func<string> what, TimeSpan atMost, TimeSpan? every = null)
    {
        using PeriodicTimer timer = new(every ?? s_every);
        using CancellationTokenSource timeout = new(atMost);
        while (!await holds())
        {
            try
            {
                await timer.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Within {atMost} there was no {what()}");
            }
        }
    }
}
