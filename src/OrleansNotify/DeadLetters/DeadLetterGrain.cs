using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansNotify.Channels;
using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.DeadLetters;

/// <summary>Where dead letters are asked for. Keeps nothing: what changes a letter is a commit of its user's grain.</summary>
[Reentrant, GrainType("letters")]
internal sealed partial class DeadLetterGrain(LetterStore letters, StoreClock clock, ILogger<DeadLetterGrain> log) : Grain, IDeadLetterGrain
{
    private const int MostOnPage = 100;

    public Task<Page<DeadLetterView>> List(DeadLetterFilter filter, string? cursor, int limit)
    {
        Demand(filter);
        LetterPlace? after = cursor is null ? null : LetterPlace.Parse(cursor) ?? throw new ArgumentException("cursor: Must be the cursor of a page.");
        var most = Math.Clamp(limit, 1, MostOnPage);
        return Read(async () =>
        {
            var places = await letters.Page(filter, after, most + 1);
            return new Page<DeadLetterView>
            {
                Items = [.. (await letters.Read(places.Take(most))).Select(LetterViews.Listed)],
                NextCursor = places.Length > most ? places[most - 1].Format() : null,
            };
        });
    }

    public Task<Page<DeadLetterGroup>> Groups(DeadLetterFilter filter)
    {
        Demand(filter);
        if (filter.UserId is not null) throw new ArgumentException("user_id: Groups are those of all users.");
        return Read(async () => new Page<DeadLetterGroup> { Items = await letters.Groups(filter) });
    }

    public Task<long> Count(DeadLetterFilter filter)
    {
        Demand(filter);
        return Read(() => letters.Count(filter));
    }

    public async Task<DeadLetterView?> Get(string id) => await Find(id) is { } letter ? LetterViews.Whole(letter) : null;

    public async Task<RedriveResult> Redrive(string id, string by) =>
        await Find(id) is { } letter ? await UserOf(letter).Redrive(id, NameOf(by), bulk: false) : RedriveResult.AlreadyRedriven;

    public async Task<bool> Discard(string id, string by) => await Find(id) is { } letter && await UserOf(letter).Discard(id, NameOf(by));

    public Task<RedriveView> RedriveAll(DeadLetterFilter filter, string by)
    {
        Demand(filter);
        var job = GrainFactory.GetGrain<IRedriveGrain>(Guid.CreateVersion7(clock.Now));
        return Read(() => StoreFault.Guard(() => job.Start(filter, NameOf(by))));
    }

    // A job that cannot be read does not even awake.
    public Task<RedriveView?> GetRedrive(Guid id) => Read(() => StoreFault.Guard(() => GrainFactory.GetGrain<IRedriveGrain>(id).Get()));

    private async Task<Message?> Find(string id) => LetterKey.IsId(id) ? await Read(() => letters.Find(id)) : null;

    private IUserDelivery UserOf(Message letter) => GrainFactory.GetGrain<IUserDelivery>(letter.UserId);

    private static string NameOf(string by)
    {
        var name = ProviderText.Clean(by);
        return name.Length > 0 ? name : "unknown";
    }

    private static void Demand(DeadLetterFilter filter)
    {
        var errors = LetterFilter.Check(filter);
        if (errors.Count > 0) throw new ArgumentException(string.Join(' ', errors.Select(error => $"{error.Key}: {error.Value[0]}")));
    }

    private async Task<T> Read<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (StoreFault fault)
        {
            LogUnavailable(fault);
            throw new StoreUnavailableException();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The dead letters cannot be read")]
    private partial void LogUnavailable(Exception fault);
}
