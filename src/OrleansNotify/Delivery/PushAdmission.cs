using System.Collections.Immutable;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;

namespace OrleansNotify.Delivery;

/// <summary>Says which of a user's devices a push may go to now: those whose service has no pause and no open circuit, or whose circuit it tries.</summary>
internal sealed class PushAdmission(ChannelWatch channels, StoreClock clock)
{
    /// <summary>How soon to come back where every service is being tried by another message.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <returns>The job for the devices that are left, and the services that it tries; no job where none is left, and then when to come back.</returns>
    public async Task<(SendJob? Job, ImmutableHashSet<string> Tries, TimeSpan ComeBack)> Admit(SendJob job, TimeSpan hardEnd)
    {
        var state = channels.StateOf(Channel.Push);
        if (state.Services.IsEmpty) return (job, [], TimeSpan.Zero);
        var now = clock.Now;
        var closed = ImmutableHashSet.CreateBuilder<string>();
        var tries = ImmutableHashSet.CreateBuilder<string>();
        var comeBack = TimeSpan.MaxValue;
        foreach (var service in job.To.Devices.Select(device => PushService.Of(device.Endpoint)).Distinct())
        {
            if (state.Of(service) is not { } standing) continue;
            var wait = standing.NotBefore(now) - now;
            if (wait is null && standing.Circuit is null) continue;
            if (wait is null && await channels.ClaimTrial(service, job.MessageId, now + hardEnd))
            {
                tries.Add(service);
                continue;
            }

            closed.Add(service);
            if ((wait ?? Soon) < comeBack) comeBack = wait ?? Soon;
        }

        var devices = job.To.Devices.RemoveAll(device => closed.Contains(PushService.Of(device.Endpoint)));
        return devices.IsEmpty
            ? (null, [], comeBack)
            : (job with { To = job.To with { Devices = devices } }, tries.ToImmutable(), TimeSpan.Zero);
    }
}
