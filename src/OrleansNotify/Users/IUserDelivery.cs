using Orleans.Metadata;
using OrleansNotify.Campaigns;
using OrleansNotify.Delivery;

namespace OrleansNotify.Users;

/// <summary>The side of a user's grain that the cluster itself calls.</summary>
[Alias("notify.IUserDelivery"), DefaultGrainType("user")]
internal interface IUserDelivery : IGrainWithStringKey
{
    /// <summary>The profile; null for an unknown user.</summary>
    [Alias("GetProfile")]
    Task<Profile?> GetProfile();

    /// <summary>The agenda says that it is time to look at these messages.</summary>
    [Alias("Wake")]
    Task Wake(Guid[] messages);

    /// <summary>A channel has a turn for a message that waits in its lane.</summary>
    [Alias("TakeTurn")]
    Task<TurnResult> TakeTurn(Guid message, Channel channel, Priority priority, TurnOffer turn);

    /// <summary>The lane that a message waits in stands still: if the message has another channel than the one that is away, it goes there.</summary>
    [Alias("TakeOther")]
    Task TakeOther(Guid message, Channel away);

    /// <summary>A campaign asks for a message to this user, who is in a state without one.</summary>
    [Alias("Recruit")]
    Task<RecruitResult> Recruit(CampaignPlace place, string from, SendRequest request);

    /// <summary>An attempt has ended. Answered once that is stored, or does not matter any more.</summary>
    [Alias("Settle")]
    Task Settle(Guid message, int attempt, Channel channel, Outcome outcome, TimeSpan duration);

    /// <summary>Sends the message of one of the user's dead letters again.</summary>
    /// <param name="letter">The letter's id.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="bulk">One of many: it waits in the campaign lane.</param>
    [Alias("Redrive")]
    Task<RedriveResult> Redrive(string letter, string by, bool bulk);

    /// <summary>Takes one of the user's dead letters away; false if there is none with this id.</summary>
    [Alias("Discard")]
    Task<bool> Discard(string letter, string by);
}

/// <summary>A turn that a channel offers.</summary>
/// <param name="GoodUntil">Until when it may be taken, by the store's clock; null on a channel without a limit.</param>
/// <param name="OnTrial">Whether the message is to try the channel's open circuit.</param>
[GenerateSerializer, Immutable, Alias("notify.TurnOffer")]
internal sealed record TurnOffer([property: Id(0)] DateTimeOffset? GoodUntil, [property: Id(1)] bool OnTrial);

/// <summary>What a user made of a turn.</summary>
[GenerateSerializer, Alias("notify.TurnResult")]
internal enum TurnResult
{
    /// <summary>An attempt has begun.</summary>
    Begun,

    /// <summary>The message is not in this lane any more; the turn is free for another.</summary>
    NotWaiting,

    /// <summary>The turn was over before the begin was stored.</summary>
    TooLate,

    /// <summary>The silo has no room for another send.</summary>
    NoRoom,
}
