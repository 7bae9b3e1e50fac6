using OrleansNotify.DeadLetters;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;
using StackExchange.Redis;

namespace OrleansNotify.Tests.DeadLetters;

/// <summary>Dead letters that tests start from.</summary>
internal static class LetterRig
{
    public static IDeadLetterGrain Letters(this NotifyCluster cluster) => cluster.Client.GetGrain<IDeadLetterGrain>(0);

    /// <summary>A letter as it is stored.</summary>
    public static Message Letter(string user = "ann", string reason = "timeout", string template = "price_alert_triggered", Channel? channel = Channel.Email, int afterMs = 0) =>
        World.Message with
        {
            Id = Guid.CreateVersion7(World.Now),
            UserId = user,
            TemplateName = template,
            Status = MessageStatus.DeadLettered,
            Channel = channel,
            Reason = reason,
            Letters = 1,
            SettledAt = World.Now.AddMilliseconds(afterMs),
        };

    public static string IdOf(this Message letter) => LetterKey.Of(letter).Field;

    public static Task Put(this NotifyCluster cluster, params IEnumerable<Message> letters) =>
        Put(cluster.Redis, cluster.Keys, cluster.Service<Codec>(), letters);

    /// <summary>Puts letters into the store, as the commits that settle their messages do.</summary>
    public static async Task Put(IDatabase redis, Keys keys, Codec codec, IEnumerable<Message> letters)
    {
        List<Task> writes = [];
        foreach (var letter in letters)
        {
            var (key, score, group) = (LetterKey.Of(letter), letter.SettledAt!.Value.ToUnixTimeMilliseconds(), LetterGroup.Of(letter));
            writes.Add(redis.HashSetAsync(keys.Letters, key.Field, codec.Encode(letter)));
            foreach (var list in new[] { keys.LettersOfGroup(group), keys.LettersOfUser(letter.UserId), keys.LettersOfAll })
                writes.Add(redis.SortedSetAddAsync(list, key.Format(), score));
            writes.Add(redis.SortedSetAddAsync(keys.LetterGroups, group.Format(), score));
        }

        await Task.WhenAll(writes);
    }

    /// <summary>Sends something that its provider rejects, and answers the letter that this makes.</summary>
    public static async Task<DeadLetterView> Fail(this NotifyCluster cluster, IUserGrain user, SendRequest? request = null)
    {
        cluster.Email.Answers(Outcomes.Of(OrleansNotify.Delivery.OutcomeKind.Rejected, "550"));
        var receipt = await user.Send(request ?? Given.Alert);
        await user.Until(receipt.MessageId, MessageStatus.DeadLettered);
        cluster.Email.Answers(Outcomes.Sent);
        return Assert.Single((await cluster.Letters().List(new(), null, 100)).Items, letter => letter.MessageId == receipt.MessageId);
    }

    /// <summary>Moves the clock until the job has been to every letter.</summary>
    public static Task UntilDone(this NotifyCluster cluster, Guid job) => Eventually.True(async () =>
    {
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        return (await cluster.Letters().GetRedrive(job))!.Status == RedriveStatus.Done;
    });

    public static int CountOf(this MessageView message, MessageEventType type) => message.Events.Count(e => e.Type == type);
}
