using Spectre.Console;

namespace OrleansNotify.Host.CommandLine.Campaigns;

/// <summary>Shows a campaign's progress until it is done.</summary>
internal static class CampaignWatch
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    /// <summary>The last that was heard of it: it is over, or something will not pass.</summary>
    public static Task<HostAnswer<CampaignView>> Follow(CampaignClient client, Guid campaign, CancellationToken cancellation)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected) return InLines(client, campaign, cancellation);
        return AnsiConsole.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(progress =>
            {
                var bar = progress.AddTask("…", maxValue: 1);
                return Until(client, campaign, answer => Show(bar, answer), cancellation);
            });
    }

    private static Task<HostAnswer<CampaignView>> InLines(CampaignClient client, Guid campaign, CancellationToken cancellation)
    {
        string? last = null;
        return Until(
            client,
            campaign,
            answer =>
            {
                var line = LineOf(answer);
                if (line != last) Console.Out.WriteLine(line);
                last = line;
            },
            cancellation);
    }

    private static void Show(ProgressTask bar, HostAnswer<CampaignView> answer)
    {
        bar.Description = Markup.Escape(LineOf(answer));
        if (answer.Value is { } view) bar.Value = view.Targeted == 0 ? 1 : (double)(view.Targeted - view.Remaining) / view.Targeted;
    }

    private static string LineOf(HostAnswer<CampaignView> answer) => answer.Value is { } view ? CampaignText.Pace(view) : answer.Problem!;

    private static async Task<HostAnswer<CampaignView>> Until(
        CampaignClient client, Guid campaign, Action<HostAnswer<CampaignView>> show, CancellationToken cancellation)
    {
        using PeriodicTimer poll = new(Refresh);
        while (true)
        {
            var answer = await client.Ask(HttpMethod.Get, campaign, "", cancellation);
            show(answer);
            // A host that is started anew, or a store that is away for a while, is waited for.
            if (answer is { Value: null, MayPass: false } or { Value.Status: CampaignStatus.Done or CampaignStatus.Cancelled }) return answer;
            await poll.WaitForNextTickAsync(cancellation);
        }
    }
}
