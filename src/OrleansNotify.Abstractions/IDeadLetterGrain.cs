using Orleans.Metadata;

namespace OrleansNotify;

/// <summary>
/// The dead letters of all users. There is one such grain, with the key 0. Methods throw <see cref="StoreUnavailableException"/> while the
/// store does not answer, and <see cref="ArgumentException"/>, which names the field, for a filter or a cursor that cannot be.
/// </summary>
[Alias("notify.IDeadLetterGrain"), DefaultGrainType("letters")]
public interface IDeadLetterGrain : IGrainWithIntegerKey
{
    /// <summary>The letters that a filter takes, newest first, without their variables.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cursor">The previous page's <see cref="Page{T}.NextCursor"/>, or null for the first page.</param>
    /// <param name="limit">1 to 100.</param>
    [Alias("List")]
    Task<Page<DeadLetterView>> List(DeadLetterFilter filter, string? cursor, int limit);

    /// <summary>How many letters failed alike, the most first. The filter names no user.</summary>
    [Alias("Groups")]
    Task<Page<DeadLetterGroup>> Groups(DeadLetterFilter filter);

    /// <summary>How many letters a filter takes.</summary>
    [Alias("Count")]
    Task<long> Count(DeadLetterFilter filter);

    /// <summary>One letter whole, with its variables; null if there is none.</summary>
    [Alias("Get")]
    Task<DeadLetterView?> Get(string id);

    /// <summary>Sends a letter's message again, in its own lane, with a fresh schedule and life.</summary>
    /// <param name="id">The letter's id.</param>
    /// <param name="by">Who asks: for the timeline and the log, in at most 300 characters.</param>
    [Alias("Redrive")]
    Task<RedriveResult> Redrive(string id, string by);

    /// <summary>Takes a letter away; its message stays in the user's history. False if there is none.</summary>
    /// <param name="id">The letter's id.</param>
    /// <param name="by">Who asks: for the timeline and the log, in at most 300 characters.</param>
    [Alias("Discard")]
    Task<bool> Discard(string id, string by);

    /// <summary>Starts a job that sends again all letters that a filter takes and that are there by now, in the campaign lane.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="by">Who asks: for the timelines and the log, in at most 300 characters.</param>
    [Alias("RedriveAll")]
    Task<RedriveView> RedriveAll(DeadLetterFilter filter, string by);

    /// <summary>How far a job is; null if there is none.</summary>
    [Alias("GetRedrive")]
    Task<RedriveView?> GetRedrive(Guid id);
}
