using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>A campaign as a stream of lines over HTTP, and its run with no limit on the channel: what both cost, and how fast it goes.</summary>
internal static class CampaignRun
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    public static async Task<int> Run(LoadSettings settings, int batchSize)
    {
        await using var cluster = await LoadCluster.Start(settings);
        using (Caller maker = new(cluster.Host, settings)) await maker.CreateUsers(cluster.Receiver.Device);
        await cluster.RestartHost();
        using HttpClient http = new() { BaseAddress = new Uri(cluster.Host.Url), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new("Bearer", HostProcess.Token);
        await cluster.Receiver.Forget();
        // The first request compiles what all others use.
        (await http.GetAsync(new Uri("/readyz", UriKind.Relative))).EnsureSuccessStatusCode();
        List<Look> looks = [await Look.At(cluster)];

        var channel = settings.Channel.ToString().ToLowerInvariant();
        var (id, upload) = await Watched(looks, cluster, Upload(http, channel, batchSize, settings.Messages));
        var atUpload = looks[^1];
        var (view, run) = await Watched(looks, cluster, UntilDone(http, id));
        var arrivals = await cluster.Receiver.Arrivals();
        var distinct = arrivals.Select(arrival => arrival.Number).Distinct().Count();
        var calls = looks[^1].Redis?.Since(looks[0].Redis!);
        new CampaignReport
        {
            Channel = channel,
            Store = settings.Embedded ? "embedded" : "redis",
            Recipients = settings.Messages,
            BatchSize = batchSize,
            UploadedPerSecond = Math.Round(settings.Messages / upload.TotalSeconds),
            RecipientsPerSecond = Math.Round(settings.Messages / run.TotalSeconds),
            Sent = view.GetProperty("sent").GetInt64(),
            Missing = settings.Messages - distinct,
            Duplicates = arrivals.Count - distinct,
            HostMib = new(looks[0].HostMib, looks[..(looks.IndexOf(atUpload) + 1)].Max(look => look.HostMib), looks.Max(look => look.HostMib), looks[^1].HostMib),
            RedisMib = looks[0].Redis is null ? null : new(looks[0].RedisMib, atUpload.RedisMib, looks.Max(look => look.RedisMib), looks[^1].RedisMib),
            RedisCommandsPerRecipient = LoadRun.Round((double?)calls?.Values.Sum() / settings.Messages),
            RedisScriptsPerRecipient = LoadRun.Round((double?)calls?.GetValueOrDefault("evalsha") / settings.Messages),
        }.Print();
        return distinct == settings.Messages ? 0 : 1;
    }

    private static async Task<string> Upload(HttpClient http, string channel, int batchSize, int recipients)
    {
        using Lines lines = new(recipients);
        var path = $"/api/v1/campaigns?name=bench&template_name=price_alert_triggered&channel={channel}&batch_size={batchSize}";
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), lines);
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (!answer.IsSuccessStatusCode || receipt.GetProperty("queued").GetInt32() != recipients) throw new InvalidOperationException($"Not all were taken: {receipt}");
        return receipt.GetProperty("campaign_id").GetString()!;
    }

    private static async Task<JsonElement> UntilDone(HttpClient http, string id)
    {
        using PeriodicTimer poll = new(s_look);
        JsonElement view;
        do
        {
            await poll.WaitForNextTickAsync();
            view = await http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/campaigns/{id}", UriKind.Relative));
        }
        while (view.GetProperty("status").GetString() != "done");
        return view;
    }

    private static async Task<(T Result, TimeSpan Took)> Watched<T>(List<Look> looks, LoadCluster cluster, Task<T> work)
    {
        var began = TimeProvider.System.GetTimestamp();
        using PeriodicTimer poll = new(s_look);
        while (await Task.WhenAny(work, poll.WaitForNextTickAsync().AsTask()) != work) looks.Add(await Look.At(cluster));
        var took = TimeProvider.System.GetElapsedTime(began);
        looks.Add(await Look.At(cluster));
        return (await work, took);
    }

    private sealed record Look(double HostMib, RedisUsage? Redis)
    {
        public double RedisMib => Math.Round(Redis!.MemoryBytes / 1048576.0, 1);

        public static async Task<Look> At(LoadCluster cluster) => new(
            Math.Round(ProcessUsage.Of(cluster.Host.Id).MemoryMiB, 1), cluster.Redis is { } connection ? await RedisUsage.Of(connection) : null);
    }

    /// <summary>The audience, written as it is read: this program holds none of it either.</summary>
    private sealed class Lines(int recipients) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using StreamWriter writer = new(stream, leaveOpen: true);
            for (var number = 0; number < recipients; number++)
                await writer.WriteLineAsync(JsonSerializer.Serialize(new { user_id = Recipient.UserId(number), vars = Recipient.Vars }));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            Headers.ContentType ??= new("application/x-ndjson");
            return false;
        }
    }
}
