using System.Globalization;
using System.Text;

namespace OrleansNotify.Host.CommandLine.Campaigns;

/// <summary>A campaign as a person reads it.</summary>
internal static class CampaignText
{
    private const int MostErrors = 10;

    /// <summary>What became of an upload, with the first lines that failed.</summary>
    public static string Of(CampaignReceipt receipt)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Campaign {receipt.CampaignId} has {Counted(receipt.Queued, "recipient")}.");
        if (receipt.Failed == 0) return text.ToString();
        text.Append(CultureInfo.InvariantCulture, $" {Counted(receipt.Failed, "line")} failed:");
        foreach (var error in receipt.Errors.Take(MostErrors)) text.AppendLine().Append(CultureInfo.InvariantCulture, $"  line {error.Line}: {error.Reason}");
        if (receipt.Failed > MostErrors) text.AppendLine().Append(CultureInfo.InvariantCulture, $"  and {receipt.Failed - MostErrors:N0} more");
        return text.ToString();
    }

    /// <summary>All of a campaign's progress.</summary>
    public static string Of(CampaignView view)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Campaign {view.CampaignId} ({view.Name}) is {view.Status.ToString().ToLowerInvariant()}");
        Line("targeted", view.Targeted);
        Line("sent", view.Sent, view.SentByChannel);
        Line("skipped", view.Skipped, view.SkippedByReason);
        Line("deferred", view.Deferred);
        Line("waiting", view.Waiting);
        Line("retrying", view.Retrying);
        Line("dead-lettered", view.DeadLettered);
        Line("expired", view.Expired);
        Line("cancelled", view.Cancelled);
        return text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {Pace(view)}").ToString();

        void Line(string name, long count, IReadOnlyDictionary<string, long>? parts = null)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {name,-14}{count,12:N0}");
            if (parts?.Count > 0) text.Append(CultureInfo.InvariantCulture, $"  {string.Join(", ", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:N0}")))}");
        }
    }

    /// <summary>How far it is, how fast, and for how long.</summary>
    public static string Pace(CampaignView view) => string.Create(CultureInfo.InvariantCulture, $"{view.Targeted - view.Remaining:N0} of {view.Targeted:N0} · {Left(view)}");

    /// <summary>What to do with a campaign that goes on by itself.</summary>
    public static string HowTo(Guid campaign, Uri url) => $"""
        The campaign goes on without this program. At {url}:
          campaign status {campaign}    to look at it
          campaign pause {campaign}     to stop it for a time (resume goes on)
          campaign cancel {campaign}    to end it
        """;

    private static string Left(CampaignView view) => view switch
    {
        { Status: not CampaignStatus.Running } => view.Status.ToString().ToLowerInvariant(),
        { RatePerSecond: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{view.RatePerSecond:0.#}/s · {Time(view.Remaining / view.RatePerSecond)} left"),
        { Deferred: > 0 and var held } when held == view.Remaining => "the rest waits for the end of quiet hours",
        _ => "0/s",
    };

    private static string Time(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 60):0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 360) / 10:0.#} h"),
    };

    private static string Counted(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
