using System.Collections.Immutable;
using OrleansNotify.DeadLetters;
using OrleansNotify.Storage;
using OrleansNotify.Users.Validation;
using StackExchange.Redis;

namespace OrleansNotify.Users;

// What callers ask about messages.
internal sealed partial class UserGrain
{
    private const int MostOnPage = 100;

    public async Task<Receipt> Send(SendRequest request)
    {
        if (Wrong(request) is { } wrong) return wrong;
        try
        {
            await Load();
            return Profile.Known ? await Commit(change => Accept(change, request)) : Unknown;
        }
        catch (StoreUnavailableException)
        {
            return new Receipt { Status = ReceiptStatus.Unavailable, Reason = Reasons.StoreUnavailable };
        }
    }

    public async Task<Explanation> Explain(SendRequest request)
    {
        if (Wrong(request) is { } wrong) return new Explanation { Receipt = wrong };
        await Load();
        return Profile.Known ? Explained.Of(Consider(NewChange(), request), silo.Channels.StateOf) : new Explanation { Receipt = Unknown };
    }

    private static Receipt Unknown { get; } = new()
    {
        Status = ReceiptStatus.Rejected,
        Reason = Reasons.UnknownUser,
        Errors = new Dictionary<string, string[]> { ["user_id"] = ["There is no such user: set the user's addresses first."] },
    };

    private Receipt? Wrong(SendRequest request)
    {
        var errors = RequestRules.Check(request, silo.Templates.Find(request.TemplateName), silo.Templates, silo.Clock.GetUtcNow());
        return errors.Count > 0 ? new Receipt { Status = ReceiptStatus.Rejected, Errors = errors } : null;
    }

    /// <summary>What becomes of a request as things are; changes nothing.</summary>
    private Acceptance Consider(OutboxChange change, SendRequest request)
    {
        var template = silo.Templates.Find(request.TemplateName)!;
        var message = NewMessage.From(request, UserId, template.Manifest, silo.StoreClock.Now, silo.Clock.GetUtcNow());
        return Acceptance.Of(request, message, silo.Codec.Encode(message).Length, SituationOf(change, message, template, renderable: true), _outbox);
    }

    private Receipt Accept(OutboxChange change, SendRequest request)
    {
        var considered = Consider(change, request);
        var (receipt, message, at) = (considered.Receipt, considered.Message, considered.At);
        if (receipt.Status == ReceiptStatus.Skipped) change.Trace(Transition.Skip(message, receipt.Reason!, at.Now));
        if (receipt.Status is not (ReceiptStatus.Accepted or ReceiptStatus.Deferred)) return receipt;
        if (request.IdempotencyKey is { } key) change.Use(key, new UsedKey { MessageId = message.Id, Body = considered.Body!, At = at.Now });
        Follow(change, message, at, considered.Next);
        change.Accepted = change.Find(message.Id);
        return receipt;
    }

    public async Task<MessageView?> GetMessage(Guid messageId)
    {
        await Load();
        if (Profile.Erasing) return null;
        if (_outbox.Messages.TryGetValue(messageId, out var stored)) return (await Views([stored.Message]))[0];
        return (await Settled()).FirstOrDefault(message => message.Id == messageId)?.View()
            ?? (await Letters()).FirstOrDefault(message => message.Id == messageId)?.View();
    }

    public async Task<Page<MessageView>> ListMessages(string? cursor, int limit)
    {
        await Load();
        if (Profile.Erasing) return new Page<MessageView> { Items = [] };
        var all = _outbox.Messages.Values.Select(stored => stored.Message).Concat(await Settled()).Concat(await Letters()).DistinctBy(message => message.Id);
        var page = MessagePage.Of(all, cursor, Math.Clamp(limit, 1, MostOnPage));
        return new Page<MessageView> { Items = await Views(page.Items), NextCursor = page.NextCursor };
    }

    /// <summary>The messages as they stand, with what holds them at this moment.</summary>
    private async Task<ImmutableArray<MessageView>> Views(ImmutableArray<Message> messages)
    {
        foreach (var campaign in messages.Where(message => message is { IsSettled: false, AsksCampaign: true }).Select(message => message.Campaign!.Campaign).Distinct())
            await LearnCampaign(campaign);
        var unchanged = NewChange();
        return [.. messages.Select(message => message.View(message.IsSettled ? null : HeldNow(unchanged, message)))];
    }

    private MessageHold? HeldNow(OutboxChange unchanged, Message message)
    {
        var at = SituationOf(unchanged, message);
        return Holding.Of(message, Decision.For(message, at), at);
    }

    public async Task<CancelResult> Cancel(Guid messageId)
    {
        var result = await Commit(change =>
        {
            if (change.Find(messageId) is not { } message) return CancelResult.NotFound;
            if (message.Running is not null) return CancelResult.Sending;
            End(change, message, new Next.End(MessageStatus.Cancelled, null), SituationOf(change, message));
            return CancelResult.Cancelled;
        });
        return result == CancelResult.NotFound && await GetMessage(messageId) is not null ? CancelResult.Settled : result;
    }

    // A store that kept only the first part of a commit may hold a message in the history that the outbox has as well: the outbox knows better.
    private async Task<IEnumerable<Message>> Settled()
    {
        var skipped = Read(() => silo.Store.ReadList(silo.Keys.Skipped(UserId)));
        var kept = (await Read(() => silo.Store.ReadList(silo.Keys.History(UserId)))).Concat(await skipped);
        var oldest = silo.StoreClock.Now - silo.Options.History.Age;
        return kept.Select(silo.Codec.DecodeMessage).Where(message => message.SettledAt > oldest && !_outbox.Messages.ContainsKey(message.Id)).DistinctBy(message => message.Id);
    }

    private Task<IEnumerable<Message>> Letters() => Letters(silo.Options.History.Messages);

    private async Task<IEnumerable<Message>> Letters(int most)
    {
        var members = await Read(() => silo.Store.ReadNewest(silo.Keys.LettersOfUser(UserId), most));
        RedisValue[] ids = [.. members.Select(member => (RedisValue)LetterKey.Parse(member!).Field)];
        var letters = ids.Length == 0 ? [] : await Read(() => silo.Store.ReadFields(silo.Keys.Letters, ids));
        return letters.Where(letter => letter.HasValue).Select(silo.Codec.DecodeMessage).Where(message => !_outbox.Messages.ContainsKey(message.Id));
    }

    private async Task<T> Read<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (StoreFault fault)
        {
            throw Unavailable(fault);
        }
    }
}
