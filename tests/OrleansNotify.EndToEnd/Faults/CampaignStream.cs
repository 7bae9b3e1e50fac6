using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansNotify.Campaigns;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>A campaign that goes on beside the messages of a run, and is paused and resumed on the way. Each of its recipients has a number as well.</summary>
internal sealed class CampaignStream
{
    // Some a second: a run has many batches, each with its checkpoint.
    private const int RateInAMinute = 240, BatchSize = 10;

    // Of so many looks one begins a pause, and the next ends it.
    private const int PausedEach = 7;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(3), s_toEnd = TimeSpan.FromMinutes(1);

    private readonly FaultSettings _settings;
    private readonly Callers _callers;
    private Guid _id;

    public CampaignStream(FaultSettings settings, Callers callers)
    {
        (_settings, _callers) = (settings, callers);
        All = [.. Enumerable.Range(settings.Messages, settings.Recipients)
            .Select(number => new Asked(number, Fate.Plain, $"d-{number}", Channel.Email, Priority.Campaign))];
    }

    /// <summary>The recipients: messages that the campaign is to make.</summary>
    public IReadOnlyList<Asked> All { get; }

    /// <summary>The campaign as it stands at the end.</summary>
    public CampaignView? End { get; private set; }

    /// <summary>Uploads the audience.</summary>
    public async Task Start()
    {
        var now = TimeProvider.System.GetUtcNow();
        var requests = All.Select(asked => (asked.User, Request: asked.Request(now))).ToList();
        var answer = await _callers.Ask(HttpMethod.Post, "/api/v1/campaigns", new JsonObject
        {
            ["name"] = $"seed {_settings.Seed}",
            ["template_name"] = requests[0].Request.TemplateName,
            ["channel"] = "email",
            ["batch_size"] = BatchSize,
            ["rate"] = RateInAMinute,
            ["idempotency_key"] = $"campaign-{_settings.Seed}",
            ["audience"] = new JsonArray([.. requests.Select(each => new JsonObject
            {
                ["user_id"] = each.User,
                ["vars"] = JsonSerializer.SerializeToNode(each.Request.TemplateVars, NotifyJson.Options),
            })]),
        });
        _id = answer.Json.GetProperty("campaign_id").GetGuid();
        foreach (var asked in All)
            asked.Receipt = new Receipt { Status = ReceiptStatus.Accepted, MessageId = new CampaignPlace(_id, 0).MessageFor(asked.User) };
    }

    /// <summary>Pauses and resumes it until the run's faults are over.</summary>
    public async Task Run(CancellationToken over)
    {
        using PeriodicTimer look = new(s_look);
        for (var number = 1; !over.IsCancellationRequested; number++)
        {
            await Next();
            if (number % PausedEach == 0) await Turn("pause");
            if (number % PausedEach == 1) await Turn("resume");
        }

        await Turn("resume");

        async Task Next()
        {
            try
            {
                await look.WaitForNextTickAsync(over);
            }
            catch (OperationCanceledException)
            {
                // The run's faults are over.
            }
        }
    }

    private async Task Turn(string word) => await _callers.Ask(HttpMethod.Post, $"/api/v1/campaigns/{_id}/{word}", null);

    /// <summary>Waits until the campaign is done, or the time is up.</summary>
    public async Task Settle()
    {
        using CancellationTokenSource timeout = new(s_toEnd);
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
        do
        {
            End = (await _callers.Ask(HttpMethod.Get, $"/api/v1/campaigns/{_id}", null)).Json.Deserialize<CampaignView>(NotifyJson.Options);
        }
        while (End!.Status != CampaignStatus.Done && !timeout.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    /// <summary>What is wrong with the campaign's own ledger.</summary>
    public IEnumerable<string> Wrong()
    {
        if (End is not { Status: CampaignStatus.Done, Remaining: 0 }) yield return $"the campaign has not come to its end: {End}";
        if (End!.Targeted != All.Count) yield return $"the campaign is to {End.Targeted} recipients and not to {All.Count}";
        foreach (var (name, counted, status) in new[]
        {
            ("sent", End.Sent, MessageStatus.Sent), ("dead-lettered", End.DeadLettered, MessageStatus.DeadLettered), ("expired", End.Expired, MessageStatus.Expired),
            ("cancelled", End.Cancelled, MessageStatus.Cancelled), ("skipped", End.Skipped, MessageStatus.Skipped),
        })
        {
            if (All.Count(asked => asked.View?.Status == status) is var own && own != counted) yield return $"the campaign counts {counted} {name}, its recipients {own}";
        }
    }
}
