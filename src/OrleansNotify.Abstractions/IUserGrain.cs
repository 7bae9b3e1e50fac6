using Orleans.Metadata;

namespace OrleansNotify;

/// <summary>
/// One user: preferences, addresses and messages. The grain's key is the user id: 1 to 128 printable ASCII characters without spaces.
/// Methods throw <see cref="StoreUnavailableException"/> while the store does not answer, but for <see cref="Send"/>, whose receipt says so.
/// </summary>
[Alias("notify.IUserGrain"), DefaultGrainType("user")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Asks for a message to this user. Once the receipt says accepted or deferred, the message is stored.</summary>
    [Alias("Send")]
    Task<Receipt> Send(SendRequest request);

    /// <summary>What <see cref="Send"/> would do with this request now, and why. Changes nothing.</summary>
    [Alias("Explain")]
    Task<Explanation> Explain(SendRequest request);

    /// <summary>A message with its timeline; null if there is none, or it was settled longer ago than the history reaches.</summary>
    [Alias("GetMessage")]
    Task<MessageView?> GetMessage(Guid messageId);

    /// <summary>The user's messages, newest first.</summary>
    /// <param name="cursor">The previous page's <see cref="Page{T}.NextCursor"/>, or null for the first page.</param>
    /// <param name="limit">1 to 100.</param>
    [Alias("ListMessages")]
    Task<Page<MessageView>> ListMessages(string? cursor, int limit);

    /// <summary>Withdraws a message that is neither settled nor being sent at this moment.</summary>
    [Alias("Cancel")]
    Task<CancelResult> Cancel(Guid messageId);

    /// <summary>The user's addresses; null for an unknown user.</summary>
    [Alias("GetUser")]
    Task<UserView?> GetUser();

    /// <summary>
    /// Sets the user's addresses and locale, and makes the user known. An address that a provider said is gone stays disabled, also where it
    /// was replaced by another meanwhile.
    /// </summary>
    [Alias("SetUser")]
    Task<ChangeResult> SetUser(UserUpdate update);

    /// <inheritdoc cref="SetUser(UserUpdate)"/>
    /// <param name="update">The user's addresses and locale.</param>
    /// <param name="when">What must hold of <see cref="UserView.Version"/>.</param>
    [Alias("SetUserWhen")]
    Task<ChangeResult> SetUser(UserUpdate update, Precondition when);

    /// <summary>Uses a disabled address again: the user as it is then, or null for an unknown one.</summary>
    [Alias("EnableAddress")]
    Task<UserView?> EnableAddress(Channel channel);

    /// <summary>The user's preferences; null for an unknown user.</summary>
    [Alias("GetPreferences")]
    Task<Preferences?> GetPreferences();

    /// <summary>Sets the user's preferences but for <see cref="Preferences.UnsubscribedTypes"/>, and makes the user known.</summary>
    [Alias("SetPreferences")]
    Task<ChangeResult> SetPreferences(Preferences preferences);

    /// <summary>Sets the user's preferences, and makes the user known.</summary>
    /// <param name="preferences">The preferences; their unsubscribed types count only where <paramref name="when"/> names a version.</param>
    /// <param name="when">What must hold of <see cref="Preferences.Version"/>.</param>
    [Alias("SetPreferencesWhen")]
    Task<ChangeResult> SetPreferences(Preferences preferences, Precondition when);

    /// <summary>Adds a push device, or replaces the one with the same endpoint; makes the user known. Of more than 20 devices the oldest is dropped.</summary>
    [Alias("AddPushSubscription")]
    Task<AddPushSubscriptionResult> AddPushSubscription(PushSubscription subscription);

    /// <summary>Takes a push device away; false if there is none with this id.</summary>
    [Alias("RemovePushSubscription")]
    Task<bool> RemovePushSubscription(string subscriptionId);

    /// <summary>Switches off a template type for this user, as the signed link in a mail does; false for an unknown user.</summary>
    [Alias("Unsubscribe")]
    Task<bool> Unsubscribe(string type);

    /// <summary>Switches a template type on again; false for an unknown user.</summary>
    [Alias("Subscribe")]
    Task<bool> Subscribe(string type);

    /// <summary>
    /// Erases the user: what is being sent ends first, then go profile, messages, history, dead letters and the user's name in campaigns. What the
    /// user had unsubscribed from stays, by a keyed hash of the addresses. Safe to ask again.
    /// </summary>
    [Alias("Erase")]
    Task<EraseResult> Erase();

    /// <summary>All that is kept of the user; null for an unknown one.</summary>
    [Alias("Export")]
    Task<UserExport?> Export();
}

/// <summary>How far the erasure of a user is.</summary>
[GenerateSerializer, Alias("notify.EraseResult")]
public enum EraseResult
{
    /// <summary>Nothing is left.</summary>
    Erased,

    /// <summary>Something is being sent; when it has ended, the rest follows by itself. The user is unknown already.</summary>
    Sending,

    /// <summary>There is no such user.</summary>
    UnknownUser,
}

/// <summary>What became of a cancel.</summary>
[GenerateSerializer, Alias("notify.CancelResult")]
public enum CancelResult
{
    /// <summary>The message is settled as cancelled.</summary>
    Cancelled,

    /// <summary>There is no such message.</summary>
    NotFound,

    /// <summary>An attempt is running.</summary>
    Sending,

    /// <summary>The message was settled before.</summary>
    Settled,
}

/// <summary>Whether a change was made; if not, why.</summary>
[GenerateSerializer, Immutable, Alias("notify.ChangeResult")]
public record ChangeResult
{
    /// <summary>What is wrong with each field, by its JSON name; empty where nothing is.</summary>
    [Id(0)]
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();

    /// <summary>The <see cref="Precondition"/> did not hold.</summary>
    [Id(1)]
    public bool Stale { get; init; }

    /// <summary>The user is being erased; once that is done, a user with this id can be made anew.</summary>
    [Id(2)]
    public bool Erasing { get; init; }

    /// <summary>Whether the change was made.</summary>
    public bool Succeeded => Errors.Count == 0 && !Stale && !Erasing;
}

/// <summary>The answer to a new push device.</summary>
[GenerateSerializer, Immutable, Alias("notify.AddPushSubscriptionResult")]
public sealed record AddPushSubscriptionResult : ChangeResult
{
    /// <summary>The subscription's id; null if it was not added.</summary>
    [Id(0)]
    public string? Id { get; init; }
}

/// <summary>The store did not answer, or its answer was lost: what was asked may or may not have been done. Try again.</summary>
[GenerateSerializer, Alias("notify.StoreUnavailableException")]
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Makes one. The fault itself is in the silo's log: it means nothing to a caller, who may not have its type.</summary>
    public StoreUnavailableException()
        : base("The store did not answer. What was asked may or may not have been done; it is safe to ask again.")
    {
    }
}
