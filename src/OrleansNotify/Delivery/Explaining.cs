using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Templates;

namespace OrleansNotify.Delivery;

/// <summary>
/// Explains a request: what its user's grain would do with it, and how long each channel would let it wait, which that grain asks nobody.
/// </summary>
internal sealed class Explaining(
    IGrainFactory grains, TemplateCatalog templates, LaneStore lanes, PermitStore permits, NotifyOptions options, StoreClock clock)
{
    /// <summary>Asks; changes nothing.</summary>
    /// <exception cref="StoreUnavailableException">The user, the lanes or the permits cannot be read.</exception>
    public async Task<Explanation> Explain(string userId, SendRequest request)
    {
        var explained = await grains.GetGrain<IUserGrain>(userId).Explain(request);
        var isUrgent = templates.Find(request.TemplateName)?.Manifest.Urgent == true;
        try
        {
            return explained with { Channels = [.. await Task.WhenAll(explained.Channels.Select(channel => Measure(channel, request.Priority, isUrgent)))] };
        }
        catch (StoreFault)
        {
            throw new StoreUnavailableException();
        }
    }

    private async Task<ExplainedChannel> Measure(ExplainedChannel explained, Priority priority, bool isUrgent)
    {
        if (explained.Obstacle is not null) return explained;
        var channel = explained.Channel;
        var place = LaneOrder.ScoreOf(clock.Now, isUrgent);
        var before = lanes.CountUpTo(channel, priority, place);
        var transactional = priority == Priority.Campaign ? lanes.CountUpTo(channel, Priority.Transactional, double.PositiveInfinity) : Task.FromResult(0L);
        var permit = options.LimitOf(channel) is { } limit ? await permits.Take(channel, limit, priority, wanted: 0) : (Grant?)null;
        return explained with
        {
            WaitingBefore = await before + await transactional,
            PermitWaitMs = (long?)permit?.AskAgain.TotalMilliseconds,
        };
    }
}
