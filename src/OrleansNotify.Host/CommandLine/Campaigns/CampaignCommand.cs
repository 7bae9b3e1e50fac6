using System.CommandLine;

namespace OrleansNotify.Host.CommandLine.Campaigns;

/// <summary><c>campaign</c>: sends campaigns by a running host, and looks after them.</summary>
internal static class CampaignCommand
{
    public static Command Make() => new("campaign", "Sends campaigns by a running host, and looks after them.")
    {
        CampaignSend.Make(),
        Turn("status", HttpMethod.Get, "", "Shows how far a campaign is."),
        Turn("pause", HttpMethod.Post, "/pause", "Sends nothing more of a campaign until it is resumed."),
        Turn("resume", HttpMethod.Post, "/resume", "Goes on with a campaign that was paused."),
        Turn("cancel", HttpMethod.Post, "/cancel", "Ends a campaign: whoever has got nothing yet gets nothing."),
    };

    private static Command Turn(string word, HttpMethod method, string path, string description)
    {
        Argument<Guid> id = new("id") { Description = "The campaign's id, as sending it printed" };
        HostAccess access = new();
        Command command = new(word, description) { id, access.Url, access.Token };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = access.Open(parsed);
            if (client is null) return NotifyCommands.Misconfigured;
            var answer = await client.Ask(method, parsed.GetRequiredValue(id), path, cancellation);
            if (answer.Value is not { } view) return answer.Tell();
            Console.Out.WriteLine(CampaignText.Of(view));
            return 0;
        });
        return command;
    }
}
