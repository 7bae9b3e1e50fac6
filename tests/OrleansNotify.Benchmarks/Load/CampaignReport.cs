using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>What a campaign has shown; a line of JSON.</summary>
internal sealed record CampaignReport
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string Mode { get; } = "campaign";
    public required string Channel { get; init; }
    public required string Store { get; init; }
    public required int Recipients { get; init; }
    public required int BatchSize { get; init; }

    /// <summary>Lines, from the request to its answer.</summary>
    public required double UploadedPerSecond { get; init; }

    /// <summary>From the answer to the upload until the campaign is done.</summary>
    public required double RecipientsPerSecond { get; init; }

    public required long Sent { get; init; }
    public required int Missing { get; init; }
    public required int Duplicates { get; init; }
    public required Memory HostMib { get; init; }

    /// <summary>What its data take.</summary>
    public Memory? RedisMib { get; init; }

    /// <summary>From the upload's first line to the end: all commands that Redis carried out, those inside scripts included.</summary>
    public double? RedisCommandsPerRecipient { get; init; }

    public double? RedisScriptsPerRecipient { get; init; }

    public void Print() => Console.WriteLine(JsonSerializer.Serialize(this, s_json));

    /// <summary>Before the upload, at the most in it (Redis: after it), at the most at all, and at the end.</summary>
    internal sealed record Memory(double Before, double Uploaded, double Peak, double End);
}
