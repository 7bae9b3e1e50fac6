using System.Net.Http.Json;
using System.Text.Json;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Receiving;

/// <summary>The sandbox in a process of its own, and how to ask it what it took.</summary>
internal sealed class ReceiverProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private ReceiverProcess(ChildProcess process, ReceiverStart start)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri(start.Control), Timeout = Timeout.InfiniteTimeSpan };
        Environment = start.Environment;
    }

    public int Id => _process.Id;

    /// <summary>What a host needs to use it.</summary>
    public Dictionary<string, string> Environment { get; }

    public static async Task<ReceiverProcess> Start()
    {
        var process = ChildProcess.Start("dotnet", [typeof(ReceiverProcess).Assembly.Location, "receiver"]);
        var line = await process.WaitForLine(line => line.StartsWith('{'), "where it listens", TimeSpan.FromSeconds(30));
        return new ReceiverProcess(process, JsonSerializer.Deserialize<ReceiverStart>(line)!);
    }

    /// <summary>A new push device, as its browser would describe it; its deliveries carry this number.</summary>
    public async Task<object> Device(int number) => await _http.GetFromJsonAsync<JsonElement>(new Uri($"/device/{number}", UriKind.Relative));

    /// <summary>Waits until that many messages have come since <see cref="Forget"/>, or none has for half a minute.</summary>
    public async Task WaitFor(int count) => (await _http.GetAsync(new Uri($"/wait/{count}", UriKind.Relative))).EnsureSuccessStatusCode();

    /// <summary>Waits for the first message to one user since <see cref="Forget"/>, and tells when it came; null if none does in time.</summary>
    public async Task<DateTimeOffset?> WaitForOne(int number, TimeSpan atMost)
    {
        using CancellationTokenSource timeout = new(atMost);
        try
        {
            return await _http.GetFromJsonAsync<DateTimeOffset>(new Uri($"/arrival/{number}", UriKind.Relative), timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Gives the provider a fault, as the sandbox's control routes take it.</summary>
    public async Task Fail(object fault) => (await _http.PostAsJsonAsync(Faults, fault)).EnsureSuccessStatusCode();

    /// <summary>Takes all faults away.</summary>
    public async Task Heal() => (await _http.DeleteAsync(Faults)).EnsureSuccessStatusCode();

    private Uri Faults => new($"{Environment["TELEGRAM_API_BASE_URL"]}/sandbox/faults");

    public async Task<IReadOnlyList<Arrival>> Arrivals() =>
        (await _http.GetFromJsonAsync<Arrival[]>(new Uri("/arrivals", UriKind.Relative)))!;

    /// <summary>How many have come since <see cref="Forget"/>.</summary>
    public Task<int> Count() => _http.GetFromJsonAsync<int>(new Uri("/count", UriKind.Relative));

    public async Task Forget() => (await _http.PostAsync(new Uri("/forget", UriKind.Relative), null)).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}

/// <summary>What a receiver prints when it is ready.</summary>
internal sealed record ReceiverStart(string Control, Dictionary<string, string> Environment);
