using System.Collections.Immutable;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Store;
using OrleansNotify.Metrics;

namespace OrleansNotify.Host.Api.Messages;

/// <summary>Hands the requests of a batch to their users: those of one user in their order, different users side by side.</summary>
internal sealed class BatchSending(IGrainFactory grains, StoreHealth store, NotifyMetrics metrics, TimeProvider clock, FaultLog log)
{
    private const int UsersAtATime = 128;

    /// <summary>A receipt for each request, in the same order; what has no answer after <see cref="StoreFaults.Patience"/> is unavailable.</summary>
    public async Task<Receipt[]> Send(ImmutableArray<BatchItem> items)
    {
        var receipts = new Receipt[items.Length];
        var byUser = new Dictionary<string, List<int>>(items.Length);
        for (var at = 0; at < items.Length; at++)
        {
            if (items[at] is { Body: { } body, Errors: null })
                (byUser.TryGetValue(body.UserId, out var places) ? places : byUser[body.UserId] = []).Add(at);
            else
                receipts[at] = new Receipt { Status = ReceiptStatus.Rejected, Errors = items[at].Errors };
        }

        using var patience = new CancellationTokenSource(StoreFaults.Patience, clock);
        await Parallel.ForEachAsync(byUser, new ParallelOptions { MaxDegreeOfParallelism = UsersAtATime }, async (user, _) =>
        {
            foreach (var at in user.Value) receipts[at] = await Send(user.Key, items[at].Body!.Request(), patience.Token);
        });
        return receipts;
    }

    private async Task<Receipt> Send(string userId, SendRequest request, CancellationToken patience)
    {
        if (patience.IsCancellationRequested) return await Unavailable(new TimeoutException());
        try
        {
            var receipt = await grains.GetGrain<IUserGrain>(userId).Send(request).WaitAsync(patience);
            if (receipt.Status == ReceiptStatus.Unavailable) return await Unavailable(new StoreUnavailableException());
            if (receipt.Status == ReceiptStatus.Busy) metrics.Refused(receipt.Reason ?? Reasons.OutboxFull);
            return receipt;
        }
        catch (OperationCanceledException late)
        {
            return await Unavailable(late);
        }
        catch (Exception fault)
        {
            // One place of the batch must not take the receipts of the others away, whatever the fault was.
            log.Say($"A batch's message to user {userId}", fault);
            return await Unavailable(fault);
        }
    }

    private async Task<Receipt> Unavailable(Exception fault)
    {
        var trouble = await store.Trouble();
        var reason = StoreFaults.ReasonOf(fault, trouble);
        metrics.Refused(trouble is { } known ? Refusals.OfStore(known) : reason);
        return new Receipt { Status = ReceiptStatus.Unavailable, Reason = reason };
    }
}
