using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.Storage;

namespace OrleansNotify.Users;

// What the cluster calls: the agenda, a channel with a turn, and a send that has ended.
internal sealed partial class UserGrain
{
    public async Task<Profile?> GetProfile()
    {
        await Load();
        return Profile.Known ? Profile : null;
    }

    public async Task Wake(Guid[] messages)
    {
        await Commit(change =>
        {
            foreach (var id in messages)
            {
                if (change.Find(id) is { } message) Look(change, message, putRight: true);
                else if (id != Erasure) change.Forget(id);
                else if (!Profile.Erasing) change.EndErasing(id, isErased: !Profile.Known);
            }

            return true;
        });
        if (Profile.Erasing) await GoOnErasing();
    }

    public Task<TurnResult> TakeTurn(Guid id, Channel channel, Priority priority, TurnOffer turn) => Commit(change =>
    {
        if (change.Find(id) is not { } message || message.Lane != (channel, priority))
        {
            change.Forget(id, (channel, priority));
            return TurnResult.NotWaiting;
        }

        var at = SituationOf(change, message);
        if (Decision.For(message, at) is not Next.Ready ready || ready.Plan[0] != channel)
        {
            Follow(change, message, at);
            return TurnResult.NotWaiting;
        }

        if (turn.GoodUntil is { } end) change.Require(CommitCondition.Before(silo.Keys.Outbox(UserId), end));
        return TryBegin(change, message, ready.Plan, at, turn) ? TurnResult.Begun : TurnResult.NoRoom;
    }, otherwise: TurnResult.TooLate);

    public Task TakeOther(Guid id, Channel away) => Commit(change =>
    {
        if (change.Find(id) is not { Status: MessageStatus.Waiting } message) return false;
        // The channel's grain knows better than this silo, which last looked a moment ago.
        var at = SituationOf(change, message);
        Follow(change, message, at with
        {
            View = (channel, urgent) => channel == away ? at.View(channel, urgent) with { IsPassedOver = true } : at.View(channel, urgent),
        });
        return true;
    });

    public async Task Settle(Guid id, int attempt, Channel channel, Outcome outcome, TimeSpan duration)
    {
        await Load();
        // An outcome that is offered again, for its answer was lost, must not act a second time.
        if (_outbox.Messages.TryGetValue(id, out var stored) && stored.Message.Running?.Number == attempt)
            await ApplyToAddresses(stored.Message, channel, outcome);
        await Commit(change =>
        {
            if (change.Find(id) is not { } message) return false;
            var running = message.Running?.Number == attempt ? message.Running : null;
            if (running is null && outcome.Kind != OutcomeKind.Sent) return false;
            var at = SituationOf(change, message);
            if (outcome.Kind == OutcomeKind.Withdrawn)
            {
                if (outcome.RetryAfter is { } wait)
                {
                    Follow(change, Transition.Withdraw(message), at, new Next.Hold(at.Now + wait, MessageStatus.Retrying, outcome.Reason, message.Plan));
                    return true;
                }

                if (channel == Channel.Telegram && Profile.Addresses.TelegramChatId is { } chat) change.Occupy(chat, at.Now);
                change.Put(Transition.Queue(Transition.Withdraw(message), message.Plan, at, back: true));
                return true;
            }

            running ??= new Attempt { Number = attempt, Channel = channel, Silo = silo.Silo, BeganAt = at.Now, HardEnd = at.Now };
            EndAttempt(change, message, running, outcome, duration, at, siloLost: false);
            return true;
        });
        if (Profile.Erasing) await GoOnErasing();
    }

    private Task LookAtDue(CancellationToken cancellation) => Commit(change =>
    {
        foreach (var message in change.EachAsItStands()) Look(change, message, putRight: false);
        return true;
    });

    private void Look(OutboxChange change, Message message, bool putRight)
    {
        var withdrawn = message.Running is { } begun && begun.Silo == silo.Silo && _withdrawn.Contains((message.Id, begun.Number));
        if (!withdrawn && message.LookAt > silo.StoreClock.Now)
        {
            if (putRight) change.PutAgendaRight(message);
            return;
        }

        var at = SituationOf(change, message);
        if (withdrawn) Follow(change, Transition.Withdraw(message), at);
        else if (message.Running is { } attempt) LookAtAttempt(change, message, attempt, at);
        else if (message.Lane is not null) LookAtWaiting(change, message, at);
        else Follow(change, message, at);
    }

    private static void LookAtWaiting(OutboxChange change, Message message, Situation at)
    {
        if (Decision.For(message, at) is Next.End end)
        {
            End(change, message, end, at);
            return;
        }

        change.Put(message with { LookAt = Transition.LaneLookAt(message, at) });
        change.EnsureInLane(message);
    }

    private void LookAtAttempt(OutboxChange change, Message message, Attempt attempt, Situation at)
    {
        var (held, hasOutcome) = silo.Sends.Look(message.Id, attempt.Number);
        var isAlive = silo.IsAlive(attempt.Silo);
        if (!AttemptLooks.HasEnded(attempt, silo.Silo, isAlive, held, hasOutcome, at.Now))
        {
            change.Put(Transition.LookAgain(message, at));
            return;
        }

        if (!isAlive && silo.Channels.StateOf(attempt.Channel).IsTriedBy(message.Id)) silo.Channels.Untried(attempt.Channel, message.Id);
        Outcome lost = new() { Kind = OutcomeKind.Unknown, Reason = isAlive ? "no_answer" : "silo_lost" };
        EndAttempt(change, message, attempt, lost, null, at, siloLost: !isAlive);
    }

    private void EndAttempt(
        OutboxChange change, Message message, Attempt attempt, Outcome outcome, TimeSpan? duration, Situation at, bool siloLost)
    {
        var (ended, end) = Settlement.Apply(message, attempt, outcome, duration, at, siloLost);
        var paused = false;
        foreach (var (address, until) in AddressPauses.Of(attempt.Channel, outcome, ended.TallyOf(attempt.Channel), at.Now))
        {
            change.Pause(address, silo.Channels.StateOf(attempt.Channel).Lifts, until);
            paused = true;
        }

        if (end is null) Follow(change, ended, at);
        else End(change, ended, end, at);
        if (!paused) return;
        // What waits for the address as well has its look now: it may have another channel. One that has just had it stays as it is.
        FollowEach(change, change.EachAsItStands().Where(other => other.WaitsOn(attempt.Channel)));
    }

    private void FollowEach(OutboxChange change, IEnumerable<Message> messages)
    {
        foreach (var message in messages) Follow(change, message, SituationOf(change, message));
    }

    /// <summary>Does what follows for a message that is not being sent.</summary>
    private void Follow(OutboxChange change, Message message, Situation at) => Follow(change, message, at, Decision.For(message, at));

    private void Follow(OutboxChange change, Message message, Situation at, Next next)
    {
        switch (next)
        {
            case Next.End end:
                End(change, message, end, at);
                break;
            case Next.HandBack:
                change.HandBack(message);
                break;
            case Next.Hold hold:
                change.Put(Transition.Hold(message, hold, at));
                if (hold.Status == MessageStatus.Deferred && message.Status != MessageStatus.Deferred) change.Deferred.Add(hold.Reason);
                break;
            case Next.Ready ready when Nullable.Equals(message.Lane, (ready.Plan[0], message.LanePriority)):
                break;
            case Next.Ready ready:
                if (!silo.Channels.IsFree(ready.Plan[0], message.LanePriority) || !TryBegin(change, message, ready.Plan, at))
                    Queue(change, message, ready.Plan, at);
                break;
        }
    }

    private void Queue(OutboxChange change, Message message, ImmutableArray<Channel> plan, Situation at)
    {
        var displaced = plan[0] == Channel.Telegram ? ChatTurn.Displaced(message, change.Messages).ToList() : [];
        change.Put(Transition.Queue(message, plan, at));
        FollowEach(change, displaced);
    }

    private static void End(OutboxChange change, Message message, Next.End end, Situation at)
    {
        var settled = Transition.End(message, end, at);
        change.Put(settled);
        change.Settled.Add((settled, at.Now));
    }

    private bool TryBegin(OutboxChange change, Message message, ImmutableArray<Channel> plan, Situation at, TurnOffer? turn = null)
    {
        var sender = silo.Sends.SenderOf(plan[0]);
        if (silo.Sends.TryEnter(UserId, message.Id, message.AttemptsBegun + 1, plan[0], message.LanePriority) is not { } send) return false;
        send.OnTrial = turn?.OnTrial == true;
        send.IsRetry = message.TallyOf(plan[0]).Attempts > 0;
        change.AskCampaign(message);
        change.Put(Transition.Begin(message, plan, silo.Silo, sender.HardEnd, at));
        var addresses = AddressesFor(message);
        if (plan[0] == Channel.Telegram) change.Occupy(addresses.TelegramChatId!, at.Now + ChatTurn.SpacingOf(addresses.TelegramChatId!));
        _begun.Add((send, new SendJob
        {
            MessageId = message.Id,
            UserId = UserId,
            Template = at.Template!,
            Vars = message.Vars,
            Locale = Profile.Locale,
            To = addresses with { Devices = addresses.Devices.RemoveAll(device => PausedUntil(change, Channel.Push, device.Id) is not null) },
            LifeLeft = message.LifeEnds - at.Now,
        }, turn?.GoodUntil));
        return true;
    }
}
