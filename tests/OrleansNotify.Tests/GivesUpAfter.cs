using System.Collections.Concurrent;
using System.Reflection;
using OrleansNotify.Tests;
using Xunit.v3;

[assembly: GivesUpAfter(minutes: 4)]

namespace OrleansNotify.Tests;

/// <summary>
/// Cancels a test that has run for so long: one that waits for what does not come fails then, by itself, and the others go on.
/// xUnit's own time-out is not for tests that run side by side.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class GivesUpAfterAttribute(int minutes) : BeforeAfterTestAttribute
{
    private readonly ConcurrentDictionary<string, Timer> _running = [];

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        _running[test.UniqueID] = new Timer(_ => context.CancelCurrentTest(), null, TimeSpan.FromMinutes(minutes), Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out var timer)) timer.Dispose();
    }
}
