using Microsoft.Extensions.Logging;
using OrleansNotify.Campaigns;
using OrleansNotify.DeadLetters;
using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.Agenda;

/// <summary>
/// Wakes the owners of what is due, once a second. The shard's one reminder revives it whatever happened; it holds nothing that is not in the store.
/// </summary>
[GrainType("agenda")]
internal sealed partial class AgendaGrain(AgendaStore agenda, TimeProvider clock, ILogger<AgendaGrain> log) : Grain, IAgendaGrain, IRemindable
{
    private const int AtATime = 100, SideBySide = 32;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1), ReminderPeriod = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromSeconds(10);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(WakeDue, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Period, KeepAlive = true, Interleave = true });
        await this.RegisterOrUpdateReminder("alive", ReminderPeriod, ReminderPeriod, cancellationToken);
    }

    public Task Touch() => Task.CompletedTask;

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task WakeDue(CancellationToken cancellation)
    {
        try
        {
            MessageKey[] due;
            do
            {
                due = await agenda.Take((int)this.GetPrimaryKeyLong(), AtATime);
                await Parallel.ForEachAsync(
                    due.GroupBy(key => key.User),
                    new ParallelOptions { MaxDegreeOfParallelism = SideBySide, TaskScheduler = TaskScheduler.Current, CancellationToken = cancellation },
                    async (user, _) => await Wake(user.Key, [.. user.Select(key => key.Message)]));
            }
            while (due.Length == AtATime);
        }
        catch (StoreFault fault)
        {
            LogStore(this.GetPrimaryKeyLong(), fault);
        }
    }

    private async Task Wake(string user, Guid[] messages)
    {
        try
        {
            await WakeOwner(user, messages).WaitAsync(Patience, clock);
        }
        catch (Exception fault)
        {
            // The entries were pushed ahead and come back by themselves; the others of this round must not wait for this one.
            LogUser(messages.Length, fault);
        }
    }

    private Task WakeOwner(string owner, Guid[] ids) => owner switch
    {
        RedriveGrain.AgendaOwner => Task.WhenAll(ids.Select(id => GrainFactory.GetGrain<IRedriveGrain>(id).Wake())),
        CampaignGrain.AgendaOwner => Task.WhenAll(ids.Select(id => GrainFactory.GetGrain<ICampaignWork>(id).Wake())),
        _ => GrainFactory.GetGrain<IUserDelivery>(owner).Wake(ids),
    };

    [LoggerMessage(LogLevel.Warning, "Agenda shard {Shard} cannot be read and is read again in a second")]
    private partial void LogStore(long shard, Exception fault);

    [LoggerMessage(LogLevel.Warning, "An owner of {Count} due entries did not wake and is woken again in 30 s")]
    private partial void LogUser(int count, Exception fault);
}
