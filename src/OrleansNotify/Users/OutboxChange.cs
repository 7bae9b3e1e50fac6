using System.Collections.Immutable;
using System.Globalization;
using OrleansNotify.Campaigns;
using OrleansNotify.DeadLetters;
using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Users;

/// <summary>Gathers what one event changes about a user's messages, and makes the commit of it.</summary>
internal sealed class OutboxChange(string user, Outbox outbox, Keys keys, Codec codec, HistoryLimits history, DateTimeOffset now)
{
    private static readonly TimeSpan EraseAgain = TimeSpan.FromSeconds(10);

    private readonly List<Write> _writes = [];
    private readonly List<CommitCondition> _conditions = [];
    private readonly List<RedisValue> _set = [], _gone = [];
    private ImmutableDictionary<Guid, StoredMessage> _messages = outbox.Messages;
    private ImmutableDictionary<string, UsedKey> _keys = outbox.Keys;
    private ImmutableDictionary<string, DateTimeOffset> _chats = outbox.Chats;

    /// <summary>What has to be told beyond the store once the commit is made: lanes that have a new message.</summary>
    public HashSet<Channel> Poked { get; } = [];

    /// <summary>What has settled, and when: for the metrics, once the commit is made.</summary>
    public List<(Message Message, DateTimeOffset At)> Settled { get; } = [];

    /// <summary>Why messages are held until a time: for the metrics.</summary>
    public List<string> Deferred { get; } = [];

    /// <summary>Why requests were skipped: for the metrics, once the commit is made.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>The campaigns that conditions of this change ask, by the condition's place.</summary>
    public Dictionary<int, Guid> AskedCampaigns { get; } = [];

    /// <summary>Whether a campaign's recipient has another state with this change.</summary>
    public bool MovesInCampaign { get; private set; }

    /// <summary>A message that is new with this change.</summary>
    public Message? Accepted { get; set; }

    /// <summary>The user is unknown, or being erased: all that the store keeps is a version, for a moment.</summary>
    public bool IsOfNobody { get; init; }

    public bool IsEmpty => _writes.Count == 0 && _set.Count == 0 && _gone.Count == 0;

    /// <summary>The message as this change has left it so far.</summary>
    public Message? Find(Guid id) => _messages.TryGetValue(id, out var stored) ? stored.Message : null;

    public IEnumerable<Message> Messages => _messages.Values.Select(stored => stored.Message);

    /// <summary>Every message of the outbox, each as this change has left it when its turn comes: what is done with one may move another.</summary>
    public IEnumerable<Message> EachAsItStands() => outbox.Messages.Keys.Select(Find).OfType<Message>();

    /// <summary>Puts a new, changed or settled message in its place: agenda, lane, outbox, history, letters.</summary>
    public void Put(Message after)
    {
        var before = Find(after.Id);
        if (ReferenceEquals(before, after)) return;
        RedisValue member = new MessageKey(user, after.Id).Format();
        var bytes = codec.Encode(after);
        MoveInLane(before, after, member);
        if (after.Campaign is { } place && (before is null || RecipientState.Of(before) != RecipientState.Of(after))) MoveInCampaign(place, RecipientState.Of(after));
        if (after.IsSettled)
        {
            _messages = _messages.Remove(after.Id);
            Settle(after, bytes, wasRedriven: before?.Letters > 0);
            _gone.Add(Codec.MessageField(after.Id));
            Add(WriteStage.Removal, "ZREM", Agenda, [member]);
        }
        else
        {
            _messages = _messages.SetItem(after.Id, new StoredMessage(after, bytes.Length));
            Schedule(after, member);
            _set.AddRange([Codec.MessageField(after.Id), bytes]);
        }
    }

    /// <summary>Sets the agenda entry of an unsettled message to what the message says.</summary>
    public void PutAgendaRight(Message message) => Schedule(message, new MessageKey(user, message.Id).Format());

    /// <summary>Takes away an agenda entry, or a lane's, of which the outbox knows nothing.</summary>
    public void Forget(Guid id, (Channel Channel, Priority Priority)? lane = null)
    {
        var key = lane is { } l ? keys.Lane(l.Channel, l.Priority) : Agenda;
        Add(WriteStage.Removal, "ZREM", key, [new MessageKey(user, id).Format()]);
    }

    /// <summary>Makes sure that a waiting message is in its lane.</summary>
    public void EnsureInLane(Message message)
    {
        var lane = message.Lane!.Value;
        Add(WriteStage.Lane, "ZADD", keys.Lane(lane.Channel, lane.Priority), ["NX", message.LaneScore, new MessageKey(user, message.Id).Format()]);
        Poked.Add(lane.Channel);
    }

    public void Use(string key, UsedKey used)
    {
        _keys = _keys.SetItem(key, used);
        _set.AddRange([Codec.KeyField(key), codec.Encode(used)]);
    }

    /// <summary>When a Telegram chat may be written to next; null if now.</summary>
    public DateTimeOffset? FreeAt(string chat) => _chats.TryGetValue(chat, out var free) && Pauses.IsOn(free, now) ? free : null;

    /// <summary>Until when the provider asked to come later to a chat, or to a device by its id; null if it did not.</summary>
    /// <param name="address">The chat or the device.</param>
    /// <param name="lifts">How often the channel's pauses have been lifted.</param>
    public DateTimeOffset? PausedUntil(string address, int lifts) => FreeAt(PauseOf(address, lifts));

    /// <summary>The provider asks to come later to a chat or a device.</summary>
    public void Pause(string address, int lifts, DateTimeOffset until) => Occupy(PauseOf(address, lifts), until);

    private static string PauseOf(string address, int lifts) => string.Create(CultureInfo.InvariantCulture, $"pause{lifts}:{address}");

    /// <summary>A Telegram chat may be written to at this time, not before.</summary>
    public void Occupy(string chat, DateTimeOffset until)
    {
        _chats = _chats.SetItem(chat, until);
        _set.AddRange([Codec.ChatField(chat), StoreClock.ToMicroseconds(until)]);
    }

    /// <summary>Takes a dead letter away, if it is still there.</summary>
    public void TakeLetter(Message letter)
    {
        var key = LetterKey.Of(letter);
        Require(CommitCondition.IsNot(keys.Letters, key.Field, RedisValue.EmptyString));
        Add(WriteStage.Removal, "HDEL", keys.Letters, [key.Field]);
        foreach (var list in ListsOf(letter)) Add(WriteStage.Removal, "ZREM", list, [key.Format()]);
    }

    /// <summary>Puts a message that is no dead letter any more into the history.</summary>
    public void Keep(Message discarded) => AddToHistory(codec.Encode(discarded));

    /// <summary>
    /// Leaves a trace of a request that is skipped. In a list of its own: however many there are, they push no message out of the history.
    /// </summary>
    public void Trace(Message skipped)
    {
        Append(keys.Skipped(user), codec.Encode(skipped), HistoryLimits.Skipped);
        Skipped.Add(skipped.Reason!);
    }

    /// <summary>The agenda comes back to the user, who is being erased.</summary>
    public void ComeBackToErase(Guid erasure) =>
        Add(WriteStage.Agenda, "ZADD", Agenda, [(long)EraseAgain.TotalMilliseconds, new MessageKey(user, erasure).Format()], delay: 1);

    /// <summary>Takes a letter away, or what is left of it in the lists.</summary>
    public void EraseLetter(LetterKey key, Message? letter)
    {
        RedisKey[] lists = letter is null ? [keys.LettersOfUser(user), keys.LettersOfAll] : ListsOf(letter);
        Add(WriteStage.Removal, "HDEL", keys.Letters, [key.Field]);
        foreach (var list in lists) Add(WriteStage.Removal, "ZREM", list, [key.Format()]);
    }

    /// <summary>
    /// Takes away all that is kept of the user's messages, which are settled. The version stays for a moment: an activation that does not know
    /// of this yet must not commit.
    /// </summary>
    public void EraseRecords()
    {
        _keys = ImmutableDictionary<string, UsedKey>.Empty;
        _chats = ImmutableDictionary<string, DateTimeOffset>.Empty;
        foreach (var key in new[] { keys.History(user), keys.Skipped(user), keys.Outbox(user) }) Add(WriteStage.Removal, "DEL", key, []);
    }

    /// <summary>The agenda need not come back to the erasure, which is done, or never began.</summary>
    public void EndErasing(Guid erasure, bool isErased)
    {
        Forget(erasure);
        if (isErased) EraseRecords();
    }

    public void Require(CommitCondition condition) => _conditions.Add(condition);

    /// <summary>Holds only while a campaign runs and the recipient is still in a state without a message.</summary>
    public void Recruit(CampaignPlace place, string from)
    {
        Require(CommitCondition.Is(keys.Campaign(place.Campaign), CampaignStore.StatusField, CampaignStore.NameOf(CampaignStatus.Running)));
        Require(CommitCondition.Is(keys.CampaignRecipients(place.Campaign), user, from));
    }

    /// <summary>The recipient needs no coming back to, but for what this change says.</summary>
    public void Recruited(CampaignPlace place) => Add(WriteStage.Removal, "ZREM", keys.CampaignBack(place.Campaign), [place.Place]);

    /// <summary>The campaign comes back to the recipient at a time.</summary>
    public void ComeBack(CampaignPlace place, DateTimeOffset at) =>
        Add(WriteStage.Campaign, "ZADD", keys.CampaignBack(place.Campaign), [(long)Math.Ceiling((at - now).TotalMilliseconds), place.Place], delay: 1);

    /// <summary>Gives a message back to its campaign: as if it had not been made.</summary>
    public void HandBack(Message message)
    {
        RedisValue member = new MessageKey(user, message.Id).Format();
        _messages = _messages.Remove(message.Id);
        // First that it is come back to: one that is new and in no list would be forgotten.
        ComeBack(message.Campaign!, now);
        MoveInCampaign(message.Campaign!, RecipientState.New);
        _gone.Add(Codec.MessageField(message.Id));
        Add(WriteStage.Removal, "ZREM", Agenda, [member]);
        if (message.Lane is { } lane) Add(WriteStage.Removal, "ZREM", keys.Lane(lane.Channel, lane.Priority), [member]);
    }

    /// <summary>Holds only while the message's campaign lets it begin: one that has had an attempt goes on through a pause.</summary>
    public void AskCampaign(Message message)
    {
        if (!message.AsksCampaign) return;
        var campaign = message.Campaign!.Campaign;
        AskedCampaigns[_conditions.Count] = campaign;
        Require(message.Tallies.IsEmpty
            ? CommitCondition.Is(keys.Campaign(campaign), CampaignStore.StatusField, CampaignStore.NameOf(CampaignStatus.Running))
            : CommitCondition.IsNot(keys.Campaign(campaign), CampaignStore.StatusField, CampaignStore.NameOf(CampaignStatus.Cancelled)));
    }

    /// <summary>Gives the recipient its state; the counts and the order follow.</summary>
    public void MoveInCampaign(CampaignPlace place, string state)
    {
        var campaign = place.Campaign;
        _writes.Add(Write.MoveTo(state, keys.CampaignRecipients(campaign), keys.CampaignCounts(campaign), keys.CampaignStates(campaign), user));
        MovesInCampaign = true;
    }

    public Commit Build()
    {
        foreach (var over in _keys.Where(key => key.Value.IsOver(now)).Select(key => key.Key).ToList())
        {
            _keys = _keys.Remove(over);
            _gone.Add(Codec.KeyField(over));
        }

        foreach (var chat in outbox.Chats.Keys.Where(chat => FreeAt(chat) is null))
        {
            _chats = _chats.Remove(chat);
            _gone.Add(Codec.ChatField(chat));
        }

        var key = keys.Outbox(user);
        if (_set.Count > 0)
        {
            if (outbox.Messages.IsEmpty && !_messages.IsEmpty) Add(WriteStage.Outbox, "PERSIST", key, []);
            Add(WriteStage.Outbox, "HSET", key, [.. _set]);
        }

        if (_gone.Count > 0) Add(WriteStage.Settled, "HDEL", key, [.. _gone]);
        TimeSpan? life = !_messages.IsEmpty ? null : IsOfNobody ? Outbox.LifeOfNobody : Outbox.LifeWithoutMessages;
        return new Commit(key, outbox.Version, _conditions, [.. _writes.OrderBy(write => write.Stage)], life);
    }

    /// <summary>The outbox as it stands once the commit was made.</summary>
    public Outbox After(long version) => new(version, _messages, _keys, _chats);

    private RedisKey[] ListsOf(Message letter) => [keys.LettersOfGroup(LetterGroup.Of(letter)), keys.LettersOfUser(user), keys.LettersOfAll];

    private RedisKey Agenda => keys.Agenda(Keys.ShardOf(user));

    // Never before the message's own time, as a silo reckons it that is a moment behind the store.
    private void Schedule(Message message, RedisValue member) =>
        Add(WriteStage.Agenda, "ZADD", Agenda, [(long)Math.Ceiling((message.LookAt - now).TotalMilliseconds) + 2, member], delay: 1);

    private void MoveInLane(Message? before, Message after, RedisValue member)
    {
        var was = before?.Lane;
        if (Nullable.Equals(was, after.Lane)) return;
        if (after.Lane is { } into)
        {
            Add(WriteStage.Lane, "ZADD", keys.Lane(into.Channel, into.Priority), [after.LaneScore, member]);
            Poked.Add(into.Channel);
        }

        if (was is { } from) Add(WriteStage.Removal, "ZREM", keys.Lane(from.Channel, from.Priority), [member]);
    }

    private void Settle(Message message, byte[] bytes, bool wasRedriven)
    {
        var isLetter = message.Status == MessageStatus.DeadLettered;
        if (wasRedriven) ForgetLetter(message, message.Letters - (isLetter ? 1 : 0));
        if (isLetter)
        {
            var letter = LetterKey.Of(message);
            Add(WriteStage.LetterAndHistory, "HSET", keys.Letters, [letter.Field, bytes]);
            foreach (var list in ListsOf(message)) Add(WriteStage.LetterAndHistory, "ZADD", list, [0, letter.Format()], delay: 1);
            Add(WriteStage.LetterAndHistory, "ZADD", keys.LetterGroups, [0, LetterGroup.Of(message).Format()], delay: 1);
            return;
        }

        AddToHistory(bytes);
        if (message.SilosLost > 0) ForgetLetter(message, message.Letters + 1);
    }

    private void AddToHistory(byte[] bytes) => Append(keys.History(user), bytes, history.Messages);

    private void Append(RedisKey list, byte[] bytes, int most)
    {
        Add(WriteStage.LetterAndHistory, "LPUSH", list, [bytes]);
        Add(WriteStage.LetterAndHistory, "LTRIM", list, [0, most - 1]);
        Add(WriteStage.LetterAndHistory, "PEXPIRE", list, [(long)history.Age.TotalMilliseconds]);
    }

    // A silo that was lost may have left, on a store that keeps the first writes of a commit, a letter of a message that lived on: that of a
    // settling, or the one that a redrive should have taken away. What is left in the letter's group leads nowhere.
    private void ForgetLetter(Message message, int number)
    {
        var letter = LetterKey.Of(message with { Letters = number });
        Add(WriteStage.Removal, "HDEL", keys.Letters, [letter.Field]);
        foreach (var list in new[] { keys.LettersOfUser(user), keys.LettersOfAll }) Add(WriteStage.Removal, "ZREM", list, [letter.Format()]);
    }

    private void Add(WriteStage stage, string command, RedisKey key, RedisValue[] args, int delay = 0) =>
        _writes.Add(new Write(stage, command, key, args, delay));
}

/// <summary>How much of a user's settled messages is kept.</summary>
internal sealed record HistoryLimits(int Messages, TimeSpan Age)
{
    /// <summary>Requests that were skipped, of which a trace is kept beside the messages.</summary>
    public const int Skipped = 50;

    public static HistoryLimits Default { get; } = new(200, TimeSpan.FromDays(30));
}
