using System.Net;
using System.Text.Json;
using OrleansNotify.Host.Api.Json;
using OrleansNotify.Sandbox.Telegram;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>Asks for all messages of a run, at an even rate, as far as the faults have come.</summary>
internal sealed class MessageStream
{
    private const int InBatch = 10, MessagesPerUser = 5;

    private readonly FaultCluster _cluster;
    private readonly FaultSettings _settings;
    private readonly Callers _callers;
    private readonly FaultNotes _notes;
    private readonly List<List<Asked>> _requests = [];
    private int _allowed;

    public MessageStream(FaultCluster cluster, FaultSettings settings, Callers callers, FaultNotes notes, Random random)
    {
        (_cluster, _settings, _callers, _notes) = (cluster, settings, callers, notes);
        var users = Math.Max(InBatch, settings.Messages / MessagesPerUser);
        for (var number = 0; number < settings.Messages;)
        {
            var size = Math.Min(random.NextDouble() < 0.9 ? 1 : InBatch, settings.Messages - number);
            _requests.Add([.. Enumerable.Range(number, size).Select(each => Draw(each, users, random))]);
            number += size;
        }
    }

    public IEnumerable<Asked> All => _requests.SelectMany(request => request);

    /// <summary>How many have been asked for.</summary>
    public int Sent { get; private set; }

    /// <summary>Lets the stream go on as far as this.</summary>
    public void Allow(int count) => Volatile.Write(ref _allowed, count);

    // Whoever blocks the bot, or wants nothing any more, is a user for one message.
    private static Asked Draw(int number, int users, Random random)
    {
        var channel = random.GetItems([Channel.Push, Channel.Telegram, Channel.Email], 1)[0];
        var priority = random.NextDouble() < 0.2 ? Priority.Campaign : Priority.Transactional;
        var user = $"f-{random.Next(users)}";
        return random.NextDouble() switch
        {
            < 0.80 => new Asked(number, Fate.Plain, user, channel, priority),
            < 0.86 => new Asked(number, Fate.Deferred, user, channel, priority),
            < 0.89 => new Asked(number, Fate.Cancelled, user, channel, priority),
            < 0.92 => new Asked(number, Fate.Expiring, user, channel, priority),
            < 0.94 => new Asked(number, Fate.Blocked, $"d-{number}", Channel.Telegram, priority),
            < 0.97 => new Asked(number, Fate.Redriven, $"d-{number}", Channel.Telegram, priority),
            _ => new Asked(number, Fate.Unwanted, $"d-{number}", channel, priority),
        };
    }

    /// <summary>Sets every user's addresses.</summary>
    public Task CreateUsers(IEnumerable<Asked> others) => Parallel.ForEachAsync(All.Concat(others).DistinctBy(asked => asked.User), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (asked, _) =>
    {
        var blocked = asked.Fate is Fate.Blocked or Fate.Redriven;
        if (blocked) _cluster.Providers.Chats.Mark(Asked.ChatOf(asked.User), ChatState.Blocked);
        await SetAddresses(asked);
        if (!blocked) await _callers.Ask(HttpMethod.Post, $"/api/v1/users/{asked.User}/push-subscriptions", _cluster.Providers.Device().Subscription);
    });

    private async Task SetAddresses(Asked asked) => await _callers.Ask(
        HttpMethod.Put, $"/api/v1/users/{asked.User}", new UserUpdate { Email = Asked.EmailOf(asked.User), TelegramChatId = Asked.ChatOf(asked.User) });

    /// <summary>Asks for all; when it returns, each has its receipt, and what was to be done about it is done.</summary>
    public async Task Run()
    {
        List<Task> open = [];
        using PeriodicTimer tick = new(TimeSpan.FromSeconds(1.0 / _settings.Rate));
        foreach (var (request, at) in _requests.Select((request, at) => (request, at)))
        {
            for (var each = 0; each < request.Count; each++) await tick.WaitForNextTickAsync();
            while (Sent + request.Count > Volatile.Read(ref _allowed)) await tick.WaitForNextTickAsync();
            open.Add(Ask(request, asClient: at % 3 == 0));
            Sent += request.Count;
        }

        await Task.WhenAll(open);
    }

    private async Task Ask(List<Asked> request, bool asClient)
    {
        if (request.Count > 1) await _callers.SendBatch(request);
        else if (asClient && _cluster.Client is not null) await _callers.SendAsClient(request[0]);
        else await _callers.Send(request[0]);
        await Task.WhenAll(request.Select(async asked =>
        {
            if (asked.Receipt?.MessageId is not null) await Follow(asked);
            asked.IsFollowed = true;
        }));
    }

    private async Task Follow(Asked asked)
    {
        switch (asked.Fate)
        {
            case Fate.Cancelled:
                await _callers.Ask(
                    HttpMethod.Delete, $"/api/v1/users/{asked.User}/messages/{asked.Receipt!.MessageId}", null, HttpStatusCode.Conflict);
                break;
            case Fate.Unwanted:
                await _callers.Ask(HttpMethod.Put, $"/api/v1/users/{asked.User}/preferences", new Preferences
                {
                    Channels = new ChannelSwitches { Push = false, Telegram = false, Email = false },
                });
                break;
            case Fate.Redriven:
                await Redrive(asked);
                break;
        }
    }

    private async Task Redrive(Asked asked)
    {
        var letter = "";
        try
        {
            await Poll.Until(async () =>
            {
                var page = (await _callers.Ask(HttpMethod.Get, $"/api/v1/dead-letters?user_id={asked.User}", null)).Json;
                letter = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).FirstOrDefault() ?? "";
                return letter.Length > 0;
            }, () => $"dead letter of {asked.User}", TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(500));
        }
        catch (TimeoutException late)
        {
            // The message's own record will say what became of it.
            _notes.Complain(late.Message);
            return;
        }

        _cluster.Providers.Chats.Mark(Asked.ChatOf(asked.User), ChatState.Open);
        // The address that was found gone stays disabled until an owner says otherwise.
        await _callers.Ask(HttpMethod.Post, $"/api/v1/users/{asked.User}/addresses/telegram/enable", null);
        await _callers.Ask(HttpMethod.Post, $"/api/v1/dead-letters/{letter}/redrive", null);
    }

    /// <summary>Waits until everything that was accepted is settled, or the time is up; reads the messages.</summary>
    public async Task Settle(IEnumerable<Asked> others, TimeSpan atMost)
    {
        using CancellationTokenSource timeout = new(atMost);
        var open = All.Concat(others).Where(asked => asked.Receipt?.MessageId is not null).ToList();
        while (open.Count > 0 && !timeout.IsCancellationRequested)
        {
            await Parallel.ForEachAsync(open.GroupBy(asked => asked.User), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (user, _) => await Read(user));
            open = [.. open.Where(asked => asked.View is null || !IsSettled(asked.View))];
            if (open.Count > 0) await Task.Delay(TimeSpan.FromMilliseconds(500), timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Read(IGrouping<string, Asked> user)
    {
        var answer = await _callers.Ask(HttpMethod.Get, $"/api/v1/users/{user.Key}/messages?limit=100", null);
        var views = answer.Json.Deserialize<Page<MessageView>>(NotifyJson.Options)!.Items.ToDictionary(view => view.MessageId);
        foreach (var asked in user) asked.View = views.GetValueOrDefault(asked.Receipt!.MessageId!.Value);
    }

    public static bool IsSettled(MessageView view) => view.Status
        is MessageStatus.Sent or MessageStatus.DeadLettered or MessageStatus.Cancelled or MessageStatus.Expired or MessageStatus.Skipped;
}
