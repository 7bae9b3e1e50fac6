using System.Collections.Concurrent;
using System.Reflection;
using OrleansNotify.Campaigns;
using OrleansNotify.RateLimiting;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>A grain factory whose users answer as the test says.</summary>
public class FakeGrains : DispatchProxy
{
    internal ConcurrentDictionary<string, FakeUser> Users { get; } = new();

    internal static (IGrainFactory Factory, FakeGrains Grains) Create()
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        return (factory, (FakeGrains)(object)factory);
    }

    internal FakeUser User(string id) => Users.GetOrAdd(id, key => new FakeUser(key));

    internal ConcurrentDictionary<Guid, FakeCampaign> Campaigns { get; } = new();

    internal FakeCampaign Campaign(Guid id) => Campaigns.GetOrAdd(id, OnCampaign);

    /// <summary>Makes the campaign that is asked for first.</summary>
    internal Func<Guid, FakeCampaign> OnCampaign { get; set; } = id => new FakeCampaign(id);

    internal FakeLetters Letters { get; } = new();

    internal FakeCampaignList CampaignList { get; } = new();
    internal ConcurrentDictionary<string, FakeChannel> Channels { get; } = new();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Assert.Equal("GetGrain", targetMethod!.Name);
        if (targetMethod.GetGenericArguments()[0] == typeof(IDeadLetterGrain)) return Letters;
        if (targetMethod.GetGenericArguments()[0] == typeof(ICampaignListGrain)) return CampaignList;
        if (targetMethod.GetGenericArguments()[0] == typeof(IRateLimiterGrain)) return Channels.GetOrAdd((string)args![0]!, _ => new FakeChannel());
        if (targetMethod.GetGenericArguments()[0] == typeof(ICampaignGrain)) return Campaign((Guid)args![0]!);
        return User((string)args![0]!);
    }
}

/// <summary>A user's grain: keeps what it was asked, and answers what the test put here.</summary>
internal sealed class FakeUser(string id) : IUserGrain, IUserDelivery
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    public ConcurrentQueue<SendRequest> Sent { get; } = new();
    public ConcurrentQueue<object> Asked { get; } = new();

    /// <summary>Ends when the first request has come.</summary>
    public Task Reached => _reached.Task.WaitAsync(TestContext.Current.CancellationToken);


    public Func<SendRequest, Task<Receipt>> OnSend { get; set; } = _ => Task.FromResult(new Receipt { Status = ReceiptStatus.Accepted, MessageId = Guid.Empty });
    public Explanation Explanation { get; set; } = new()
    {
        Receipt = new Receipt { Status = ReceiptStatus.Accepted },
        Gates = [new() { Gate = "outbox", Verdict = GateVerdict.Pass }],
    };
    public Func<Guid, Task<MessageView?>> OnGetMessage { get; set; } = _ => Task.FromResult<MessageView?>(null);
    public Func<string?, int, Task<Page<MessageView>>> OnList { get; set; } = (_, _) => Task.FromResult(new Page<MessageView> { Items = [] });
    public CancelResult OnCancel { get; set; }
    public UserView? View { get; set; }
    public Preferences? Preferences { get; set; }
    public ChangeResult Change { get; set; } = new();
    public AddPushSubscriptionResult Added { get; set; } = new() { Id = "dev1" };
    public bool Removed { get; set; } = true;
    public Func<string, Task<bool>> OnUnsubscribe { get; set; } = _ => Task.FromResult(true);
    public Profile? Profile { get; set; }
    public Func<Task<Profile?>>? OnGetProfile { get; set; }

    public Task<Receipt> Send(SendRequest request)
    {
        Sent.Enqueue(request);
        _reached.TrySetResult();
        return OnSend(request);
    }

    public Task<Explanation> Explain(SendRequest request) => Ask(request, Explanation);

    public Task<MessageView?> GetMessage(Guid messageId) => OnGetMessage(messageId);

    public Task<Page<MessageView>> ListMessages(string? cursor, int limit)
    {
        Asked.Enqueue((cursor, limit));
        return OnList(cursor, limit);
    }

    public Task<CancelResult> Cancel(Guid messageId) => Task.FromResult(OnCancel);

    public Task<UserView?> GetUser() => Task.FromResult(View);

    public Task<ChangeResult> SetUser(UserUpdate update) => SetUser(update, Precondition.None);

    public Task<ChangeResult> SetUser(UserUpdate update, Precondition when) => when.Holds(View?.Version) ? Ask(update, Change) : Stale();

    public Task<UserView?> EnableAddress(Channel channel) => Ask(channel, View);

    public Task<Preferences?> GetPreferences() => Task.FromResult(Preferences);

    public Task<ChangeResult> SetPreferences(Preferences preferences) => SetPreferences(preferences, Precondition.None);

    public Task<ChangeResult> SetPreferences(Preferences preferences, Precondition when)
    {
        if (!when.Holds(Preferences?.Version)) return Stale();
        if (Change.Succeeded) Preferences = preferences;
        return Ask(preferences, Change);
    }

    /// <summary>What comes between a look at the user and the change that was made of it.</summary>
    public Action OnStale { get; set; } = () => { };

    private Task<ChangeResult> Stale()
    {
        OnStale();
        return Task.FromResult(new ChangeResult { Stale = true });
    }

    public Task<AddPushSubscriptionResult> AddPushSubscription(PushSubscription subscription) => Ask(subscription, Added);

    public Task<bool> RemovePushSubscription(string subscriptionId) => Ask(subscriptionId, Removed);

    public Task<bool> Unsubscribe(string type)
    {
        Asked.Enqueue(type);
        return OnUnsubscribe(type);
    }

    public Task<bool> Subscribe(string type)
    {
        Asked.Enqueue($"again {type}");
        return OnUnsubscribe(type);
    }

    public EraseResult Erased { get; set; }

    public Task<EraseResult> Erase() => Ask("erase", Erased);

    public Task<UserExport?> Export() => Task.FromResult<UserExport?>(null);

    public Task<Profile?> GetProfile() => OnGetProfile?.Invoke() ?? Task.FromResult(Profile);

    public Task Wake(Guid[] messages) => throw new NotSupportedException();

    public Task<TurnResult> TakeTurn(Guid message, Channel channel, Priority priority, TurnOffer turn) => throw new NotSupportedException();

    public Task TakeOther(Guid message, Channel away) => throw new NotSupportedException();

    public Task Settle(Guid message, int attempt, Channel channel, OrleansNotify.Delivery.Outcome outcome, TimeSpan duration) =>
        throw new NotSupportedException();

    public Task<RecruitResult> Recruit(CampaignPlace place, string from, SendRequest request) => throw new NotSupportedException();

    public Task<RedriveResult> Redrive(string letter, string by, bool bulk) => throw new NotSupportedException();

    public Task<bool> Discard(string letter, string by) => throw new NotSupportedException();

    private Task<T> Ask<T>(object asked, T answer)
    {
        Asked.Enqueue(asked);
        return Task.FromResult(answer);
    }
}
