using System.CommandLine;

namespace OrleansNotify.Host.CommandLine.Campaigns;

/// <summary><c>campaign send</c>: uploads an audience, and shows what becomes of it.</summary>
internal sealed class CampaignSend
{
    /// <summary>As a shell has it for a program that Ctrl-C has ended.</summary>
    private const int Interrupted = 130;

    private readonly Argument<string> _file = new("file") { Description = "One {\"user_id\": …, \"vars\": {…}} a line, as it is or gzip; - reads the standard input" };
    private readonly Option<bool> _watch = new("--watch") { Description = "Shows its progress until it is done; Ctrl-C leaves it running" };
    private readonly HostAccess _access = new();

    /// <summary>The options that are settings of the campaign, by the setting's name; the host knows what is right for them.</summary>
    private readonly Dictionary<string, Option> _settings = new()
    {
        ["template_name"] = new Option<string>("--template") { Description = "The template's name", Required = true },
        ["name"] = new Option<string>("--name") { Description = "What people call it; the file's name if it is left out" },
        ["channel"] = new Option<string>("--channel") { Description = "The channel to try first: push, telegram or email" },
        ["fallback"] = new Option<bool>("--fallback") { Description = "Tries a user's other channels too" },
        ["batch_size"] = new Option<string>("--batch-size") { Description = "How many of its messages wait at a time, 1 to 1000; 100 if it is left out" },
        ["rate"] = new Option<string>("--rate") { Description = "At most so many in a minute" },
        ["start_at"] = new Option<string>("--start-at") { Description = "Not before this time, such as 2026-01-31T09:30:00Z" },
        ["expires_at"] = new Option<string>("--expires-at") { Description = "Not after this time" },
        ["idempotency_key"] = new Option<string>("--idempotency-key") { Description = "Names the campaign: sent again with the same key, it is still one" },
    };

    public static Command Make()
    {
        CampaignSend send = new();
        Command command = new("send", "Sends a template to everyone in a file, and prints what is wrong with which line.") { send._file };
        foreach (var option in send._settings.Values) command.Add(option);
        command.Add(send._access.Url);
        command.Add(send._access.Token);
        command.Add(send._watch);
        command.SetAction(send.Run);
        return command;
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var file = parsed.GetRequiredValue(_file);
        using var client = _access.Open(parsed);
        if (client is null) return NotifyCommands.Misconfigured;
        await using var lines = Open(file);
        if (lines is null) return NotifyCommands.Misconfigured;
        using Interruption interruption = new(cancellation);
        HostAnswer<CampaignReceipt> answer;
        try
        {
            answer = await client.Upload(lines, Query(parsed, file), interruption.Token);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped. Of an upload that was not whole nothing is sent.");
            return Interrupted;
        }

        if (answer.Value is { } receipt) return await Tell(receipt, client, parsed.GetValue(_watch), interruption.Token);
        if (answer.MayPass) Console.Error.WriteLine("Of an upload that was not whole nothing is sent. With --idempotency-key it is safe to send it again.");
        return answer.Tell();
    }

    private static async Task<int> Tell(CampaignReceipt receipt, CampaignClient client, bool watch, CancellationToken cancellation)
    {
        Console.Out.WriteLine(CampaignText.Of(receipt));
        try
        {
            if (!watch)
            {
                Console.Out.WriteLine(CampaignText.HowTo(receipt.CampaignId, client.Url));
                return 0;
            }

            var last = await CampaignWatch.Follow(client, receipt.CampaignId, cancellation);
            if (last.Value is not { } view) return last.Tell();
            Console.Out.WriteLine(CampaignText.Of(view));
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Out.WriteLine(CampaignText.HowTo(receipt.CampaignId, client.Url));
            return 0;
        }
    }

    private static Stream? Open(string file)
    {
        if (file == "-") return Console.OpenStandardInput();
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(fault.Message);
            return null;
        }
    }

    private QueryString Query(ParseResult parsed, string file) => QueryString.Create(_settings
        .Select(setting => KeyValuePair.Create(setting.Key, TextOf(parsed, setting.Value) ?? (setting.Key == "name" ? NameOf(file) : null)))
        .Where(setting => setting.Value is not null));

    private static string? TextOf(ParseResult parsed, Option option) => option is Option<bool> flag
        ? parsed.GetValue(flag) ? "true" : null
        : parsed.GetValue((Option<string>)option);

    private static string NameOf(string file) => file == "-" ? "standard input" : Path.GetFileNameWithoutExtension(file);
}
