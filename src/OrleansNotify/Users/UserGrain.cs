using Microsoft.Extensions.Logging;
using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using OrleansNotify.Templates;

namespace OrleansNotify.Users;

/// <summary>One user. Keeps the profile and the outbox as the store holds them; every change of a message is one commit.</summary>
[GrainType("user")]
internal sealed partial class UserGrain(SiloContext silo, ILogger<UserGrain> log) : Grain, IUserGrain, IUserDelivery
{
    private const string ProfileState = "user";

    /// <summary>How often a decision is made again because another activation was quicker, before the caller has to ask again.</summary>
    private const int MostRereads = 5;

    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);

    private readonly GrainState<Profile> _profile = new() { State = new Profile() };
    private readonly HashSet<(Guid Message, int Attempt)> _withdrawn = [];
    private readonly List<(RunningSend Send, SendJob Job, DateTimeOffset? GoodUntil)> _begun = [];
    private Outbox _outbox = Outbox.Empty;
    private bool _known;
    private long? _readFailedAt;
    private IGrainTimer? _timer;

    private string UserId => this.GetPrimaryKeyString();

    private Profile Profile => _profile.State!;

    /// <summary>Reads profile and outbox side by side, unless the grain knows what the store holds.</summary>
    private async Task Load()
    {
        if (_known) return;
        if (_readFailedAt is { } failed && silo.Clock.GetElapsedTime(failed) < ReadAgain) throw new StoreUnavailableException();
        try
        {
            // The outbox first: whatever changes the profile after that raises the version, and a commit by the older profile fails.
            var outbox = silo.Store.ReadHash(silo.Keys.Outbox(UserId));
            await StoreFault.Guard(() => silo.Profiles.ReadStateAsync(ProfileState, this.GetGrainId(), _profile));
            _outbox = silo.Codec.Decode(await outbox);
        }
        catch (StoreFault fault)
        {
            _readFailedAt = silo.Clock.GetTimestamp();
            throw Unavailable(fault);
        }

        (_known, _readFailedAt) = (true, null);
        ForgetWithdrawn();
        SetTimer();
    }

    /// <summary>
    /// Decides and commits. When another activation of this user was quicker, everything is read and decided again; when the store did not
    /// answer, nothing is known any more, and what was begun is not sent.
    /// </summary>
    /// <param name="decide">Says what changes, and answers the caller.</param>
    /// <param name="otherwise">The answer where a condition beside the version does not hold.</param>
    /// <param name="always">Raises the version even if nothing else changes.</param>
    private async Task<T> Commit<T>(Func<OutboxChange, T> decide, T? otherwise = default, bool always = false)
    {
        _campaigns.Clear();
        for (var reread = 0; reread < MostRereads; reread++)
        {
            await Load();
            var asked = silo.Clock.GetTimestamp();
            var change = NewChange();
            T answer;
            CommitResult result;
            try
            {
                answer = decide(change);
                if (change.IsEmpty && !always)
                {
                    SetTimer();
                    return answer;
                }

                result = await Apply(change);
            }
            catch
            {
                // Whatever it was: what was begun is not stored, or not known to be, and must not be sent with the next commit.
                Abandon();
                _known = false;
                throw;
            }

            if (result.FailedCondition is { } failed)
            {
                if (!change.AskedCampaigns.TryGetValue(failed, out var campaign)) return otherwise!;
                await LearnCampaign(campaign);
            }

            if (!result.Made) continue;
            _outbox = change.After(result.Version);
            ForgetWithdrawn();
            Start(result.Now, asked);
            foreach (var channel in change.Poked) silo.Channels.Poke(channel);
            if (change.Accepted is { } accepted) silo.Metrics.Enqueued(accepted.Priority, accepted.Plan[0]);
            foreach (var reason in change.Deferred) silo.Metrics.Deferred(reason);
            foreach (var reason in change.Skipped) silo.Metrics.Skipped(reason);
            foreach (var (message, at) in change.Settled) silo.Metrics.Settled(message, at);
            SetTimer();
            // A campaign passes by everybody once: kept awake for a while after that, they would all be in memory at a time.
            if (change.MovesInCampaign && _outbox.Messages.IsEmpty) DeactivateOnIdle();
            return answer;
        }

        throw new StoreUnavailableException();
    }

    private OutboxChange NewChange() =>
        new(UserId, _outbox, silo.Keys, silo.Codec, silo.Options.History, silo.StoreClock.Now) { IsOfNobody = !Profile.Known };

    // An attempt that the outbox does not show as running here has been taken back, or was never stored.
    private void ForgetWithdrawn() => _withdrawn.RemoveWhere(attempt => !IsRunningHere(attempt.Message, attempt.Attempt));

    private bool IsRunningHere(Guid message, int attempt) =>
        _outbox.Messages.TryGetValue(message, out var stored) && stored.Message.Running is { } running && running.Number == attempt && running.Silo == silo.Silo;

    private async Task<CommitResult> Apply(OutboxChange change)
    {
        try
        {
            var result = await silo.Store.Apply(change.Build());
            if (result.Made) return result;
            _known = result.FailedCondition is not null;
            Abandon();
            return result;
        }
        catch (StoreFault fault)
        {
            // It may have been made, or may still be: whatever it began is taken back once the outbox shows it.
            foreach (var (send, _, _) in _begun) _withdrawn.Add((send.Message, send.Attempt));
            throw Unavailable(fault);
        }
    }

    private StoreUnavailableException Unavailable(StoreFault fault)
    {
        LogUnavailable(fault);
        return new StoreUnavailableException();
    }

    [LoggerMessage(LogLevel.Warning, "A user's grain does not know what its store holds, and reads it again")]
    private partial void LogUnavailable(Exception fault);

    // A permit's time is counted from before the store was asked: its answer may have been on its way for longer than the permit is good for.
    private void Start(DateTimeOffset now, long asked)
    {
        foreach (var (send, job, goodUntil) in _begun)
        {
            if (send.IsRetry) silo.Metrics.Retried(send.Channel);
            silo.Sends.Start(send, goodUntil is { } end ? job with { Turn = new Turn(silo.Clock, end - now, asked) } : job);
        }

        _begun.Clear();
    }

    private void Abandon()
    {
        foreach (var (send, _, _) in _begun) silo.Sends.Leave(send);
        _begun.Clear();
    }

    private Situation SituationOf(OutboxChange change, Message message, MessageTemplate? template, bool renderable)
    {
        var now = silo.StoreClock.Now;
        var chat = Profile.Addresses.TelegramChatId;
        var to = AddressesFor(message);
        return new Situation
        {
            Now = now,
            WallNow = silo.Clock.GetUtcNow(),
            Chance = Random.Shared.NextDouble(),
            Profile = Profile,
            Template = template,
            Renderable = renderable,
            Configured = silo.Configured,
            View = (channel, urgent) => silo.Channels.ViewOf(channel, to, address => PausedUntil(change, channel, address), urgent),
            SentToOthersSince = SentToOthersSince,
            Campaign = message.AsksCampaign && _campaigns.TryGetValue(message.Campaign!.Campaign, out var status) ? status : null,
            ChatMoment = () => ChatTurn.MomentOf(message, change.Messages, chat!, FreeAt(change, chat!), now),
        };
    }

    /// <summary>Where the message may still go: a device whose service rejected it is left out.</summary>
    private Addresses AddressesFor(Message message) =>
        Profile.Addresses with { Devices = Profile.Addresses.Devices.RemoveAll(device => message.RejectedDevices.Contains(device.Id)) };

    private DateTimeOffset? PausedUntil(OutboxChange change, Channel channel, string address) =>
        change.PausedUntil(address, silo.Channels.StateOf(channel).Lifts);

    private DateTimeOffset? FreeAt(OutboxChange change, string chat)
    {
        var (free, paused) = (change.FreeAt(chat), PausedUntil(change, Channel.Telegram, chat));
        return free is null || paused > free ? paused : free;
    }

    private bool SentToOthersSince(Channel channel, DateTimeOffset since) => silo.Channels.SentToOthersSince(UserId, channel, since);

    private Situation SituationOf(OutboxChange change, Message message)
    {
        var template = silo.Templates.Find(message.TemplateName);
        return SituationOf(change, message, template, template?.HasAll(message.Vars) == true);
    }

    /// <summary>Comes back when the next message is due, to the second and below; the agenda does so whatever happens to this activation.</summary>
    private void SetTimer()
    {
        var next = _withdrawn.Count > 0
            ? silo.StoreClock.Now
            : _outbox.Messages.Values.Select(stored => stored.Message).Where(IsTimed).Select(message => (DateTimeOffset?)message.LookAt).Min();
        if (next is null) return;
        var due = next.Value - silo.StoreClock.Now;
        if (due > AgendaIsEnough) return;
        if (due < TimeSpan.Zero) due = TimeSpan.Zero;
        if (_timer is null) _timer = this.RegisterGrainTimer(LookAtDue, new GrainTimerCreationOptions { DueTime = due, Period = Timeout.InfiniteTimeSpan });
        else _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private static readonly TimeSpan AgendaIsEnough = TimeSpan.FromMinutes(1);

    private static bool IsTimed(Message message) => message.WaitsForChat || message.Status is MessageStatus.Retrying or MessageStatus.Deferred;
}
