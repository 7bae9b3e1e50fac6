using Microsoft.Extensions.Logging;
using OrleansNotify.Storage;

namespace OrleansNotify.RateLimiting;

/// <summary>What this silo knows of each channel: what it saw when it last looked, and what it has put into a lane itself since.</summary>
internal sealed partial class ChannelWatch(IGrainFactory grains, NotifyOptions options, TimeProvider clock, ILogger<ChannelWatch> log)
{
    private static readonly Channel[] All = Enum.GetValues<Channel>();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ChannelStatus?[] _seen = new ChannelStatus?[All.Length];
    private readonly int[] _poking = new int[All.Length];

    /// <summary>Whether a message may begin without waiting in the lane: the channel has no limit, and nothing was waiting that goes before it.</summary>
    public bool IsFree(Channel channel, Priority priority) =>
        options.LimitOf(channel) is null && _seen[(int)channel] is { } seen && !seen.TransactionalWaiting && (priority == Priority.Transactional || !seen.CampaignWaiting);

    /// <summary>Tells the channel's grain that something is in its lane; at most one call at a time, for one is enough.</summary>
    public void Poke(Channel channel)
    {
        _seen[(int)channel] = new ChannelStatus { TransactionalWaiting = true, CampaignWaiting = true };
        if (Interlocked.Exchange(ref _poking[(int)channel], 1) == 0) _ = SendPoke(channel);
    }

    /// <summary>Looks at every channel; that also revives a grain that was lost.</summary>
    public Task LookAll() => Task.WhenAll(All.Select(Look));

    private async Task Look(Channel channel)
    {
        try
        {
            _seen[(int)channel] = await GrainOf(channel).Look().WaitAsync(Patience, clock);
        }
        catch (Exception fault)
        {
            LogUnseen(channel, fault.Message);
        }
    }

    private async Task SendPoke(Channel channel)
    {
        try
        {
            await GrainOf(channel).Poke().WaitAsync(Patience, clock);
        }
        catch (Exception fault)
        {
            LogUnseen(channel, fault.Message);
        }
        finally
        {
            Volatile.Write(ref _poking[(int)channel], 0);
        }
    }

    private IRateLimiterGrain GrainOf(Channel channel) => grains.GetGrain<IRateLimiterGrain>(Keys.Name(channel));

    [LoggerMessage(LogLevel.Warning, "The grain of the {Channel} channel did not answer and is asked again in a second: {Fault}")]
    private partial void LogUnseen(Channel channel, string fault);
}
