using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansNotify.Agenda;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;

namespace OrleansNotify;

/// <summary>What a silo does beside serving grains: keeps the agenda's shards awake, looks at the channels, and drains its sends when it stops.</summary>
internal sealed partial class SiloLife(
    IGrainFactory grains, ChannelWatch channels, RunningSends sends, ISiloStatusOracle silos, NotifyOptions options, TimeProvider clock,
    ILogger<SiloLife> log)
    : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Silos that are leaving, as they said themselves: their end is no death.</summary>
    private readonly ConcurrentDictionary<SiloAddress, bool> _leaving = new();

    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private volatile bool _touch = true;

    // One stage after Active: at the start, when grains can be called; at the stop, before anything else goes.
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe<SiloLife>(ServiceLifecycleStage.Active + 1, Start, Stop);

    /// <summary>The membership has changed: shards may have lost their silo.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        _touch = true;
        if (updatedSilo.Equals(silos.SiloAddress)) return;
        if (status is SiloStatus.ShuttingDown or SiloStatus.Stopping) _leaving[updatedSilo] = true;
        if (status == SiloStatus.Active) LogJoined(updatedSilo);
        if (status != SiloStatus.Dead) return;
        if (_leaving.TryRemove(updatedSilo, out _)) LogLeft(updatedSilo);
        else LogDead(updatedSilo);
    }

    private Task Start(CancellationToken cancellation)
    {
        silos.SubscribeToSiloStatusEvents(this);
        _watching = Task.Run(Watch, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellation)
    {
        using CancellationTokenSource atMost = new(options.DrainAtMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(atMost.Token, cancellation);
        await sends.Drain(either.Token);
        await _stopping.CancelAsync();
        await _watching;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task Watch()
    {
        using PeriodicTimer timer = new(Period, clock);
        do
        {
            if (_touch) await Touch();
            await channels.LookAll();
        }
        while (await Tick(timer));
    }

    private async Task<bool> Tick(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task Touch()
    {
        _touch = false;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Keys.AgendaShards).Select(shard => grains.GetGrain<IAgendaGrain>(shard).Touch()));
        }
        catch (Exception fault)
        {
            _touch = true;
            LogNotTouched(fault);
        }
    }

    [LoggerMessage(LogLevel.Information, "The silo {Silo} has joined the cluster")]
    private partial void LogJoined(SiloAddress silo);

    [LoggerMessage(LogLevel.Information, "The silo {Silo} has left the cluster")]
    private partial void LogLeft(SiloAddress silo);

    [LoggerMessage(LogLevel.Warning, "The silo {Silo} was declared dead, for it did not answer: other silos take its users over")]
    private partial void LogDead(SiloAddress silo);

    [LoggerMessage(LogLevel.Warning, "Not every shard of the agenda is awake yet; they are woken again in a second")]
    private partial void LogNotTouched(Exception fault);
}
