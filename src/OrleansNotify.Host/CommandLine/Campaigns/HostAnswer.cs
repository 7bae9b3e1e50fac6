using System.Net;
using System.Text.Json;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.CommandLine.Campaigns;

/// <summary>What a host answered a command: a value, or why there is none and what to do.</summary>
/// <param name="Value">The value.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="MayPass">Whether to ask again may help.</param>
internal sealed record HostAnswer<T>(T? Value, string? Problem, bool MayPass)
    where T : class
{
    /// <summary>The exit code where there is no value.</summary>
    public const int Refused = 1;

    // A newer host may say more.
    private static readonly JsonSerializerOptions s_json = new(NotifyJson.Options) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip };

    /// <summary>The host did not answer.</summary>
    public static HostAnswer<T> Silent(Uri url, string fault) => new(null, $"No host answers at {url}: {fault} Is it running? --url says where.", MayPass: true);

    public static async Task<HostAnswer<T>> Read(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            if (response.IsSuccessStatusCode) return new(JsonSerializer.Deserialize<T>(text, s_json), null, false);
            var mayPass = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
            return new(null, ProblemOf(response.StatusCode, JsonElement.Parse(text)), mayPass);
        }
        catch (JsonException)
        {
            return new(null, $"What answers there is no host of this kind ({(int)response.StatusCode}). --url says where one is.", false);
        }
    }

    /// <summary>Tells a person the problem; the exit code.</summary>
    public int Tell()
    {
        Console.Error.WriteLine(Problem);
        return Refused;
    }

    private static string ProblemOf(HttpStatusCode status, JsonElement problem)
    {
        var detail = problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("detail", out var text) ? text.ToString() : $"The host answered {(int)status}.";
        return status switch
        {
            HttpStatusCode.Unauthorized => $"{detail} This one is wrong or has expired; the command `token --role service` mints another.",
            HttpStatusCode.Forbidden => $"{detail} It takes one of the role service or owner.",
            HttpStatusCode.BadRequest when problem.TryGetProperty("errors", out var errors) => string.Join(
                Environment.NewLine, errors.EnumerateObject().Select(error => $"{OptionOf(error.Name)}: {string.Join(Environment.NewLine + "  ", error.Value.EnumerateArray())}")),
            _ => detail,
        };
    }

    private static string OptionOf(string field) => field switch
    {
        "audience" => "FILE",
        "template_name" => "--template",
        _ => "--" + field.Replace('_', '-'),
    };
}
