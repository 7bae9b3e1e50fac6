using System.Text.RegularExpressions;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Documents;

/// <summary>
/// Every command of the documents is given, as a reader would in a folder of his own, to a real host; or is listed here with the reason why
/// not. One that is in neither list fails the test.
/// </summary>
public sealed partial class DocumentCommandsTests
{
    /// <summary>The command that starts the host of the others.</summary>
    private const string HostCommand = "dotnet run --project src/OrleansNotify.Host";

    private const string Usual = "http://127.0.0.1:5080";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>What is not run, and why; the shell reads it, and a project that it names has to be there.</summary>
    private static readonly (string Pattern, string Reason)[] s_notRun =
    [
        (@"^dotnet test$", "this is one of its tests"),
        (@"^dotnet run$", "is a word for running any project"),
        (@"^dotnet run -c Release --project tests/OrleansNotify\.Benchmarks ", "takes minutes and both cores, to measure"),
        (@"^dotnet run (-c Release )?--project tests/OrleansNotify\.EndToEnd -- faults ", "takes minutes; small ones are among the fault tests"),
        (@"^dotnet publish\b", "takes minutes; what it makes is tried when everything is"),
        (@"\bdocker (compose|build|run)\b", "needs a container engine; the compose file is held against its specification"),
        (@"^kubectl ", "needs a cluster"),
        (@"^redis-cli ", "needs a Redis of one's own, which it copies"),
        (@"^openssl ", "needs nothing of ours"),
        (@"^(chrt|unshare) ", "goes in front of another command"),
    ];

    /// <summary>What is run, and what it has to say.</summary>
    private static readonly (string Pattern, string Says)[] s_run =
    [
        (@"^TOKEN=", ""),
        (@"^printf ", ""),
        (@"^test -e \.env ", ""),
        (@"^curl -X PUT .*/users/ada ", "ada@b.example"),
        (@"^curl .*/messages -H .* -d ", "\"status\":\"accepted\""),
        (@"^curl .*/users/ada/messages ", "\"items\":[{"),
        (@"^curl .*/campaigns\?", "\"queued\":2,\"failed\":0"),
        (@" -- campaign send ", "is done"),
        (@"^campaign status", "(July) is "),
        (@" -- demo$", ""),
        (@"(-- |^)templates check\b", "all well"),
        (@"(-- |^)token ", "."),
        (@"(-- |^)vapid generate$", "VAPID_PRIVATE_KEY="),
    ];

    /// <summary>What stands in a document for a value of the reader's own.</summary>
    private static readonly Dictionary<string, string> s_values = new()
    {
        ["--sub ID"] = "--sub ada",
        ["--role ROLE"] = "--role service",
        ["FOLDER"] = Path.Combine(Repository.Root, "templates"),
        ["status|pause|resume|cancel"] = "status",
    };

    public static IEnumerable<string> Documents => Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal).Prepend("README.md");

    [Fact]
    public async Task Every_command_of_the_documents_works_or_is_listed_as_not_run()
    {
        Needs.Program("curl");
        var folder = Directory.CreateTempSubdirectory("notify-reader-").FullName;
        try
        {
            var url = $"http://127.0.0.1:{FreePort.Find()}";
            Reader reader = new(folder, url);
            await using var host = reader.Start(HostCommand);
            var token = await host.WaitForLine(line => line.TrimStart().StartsWith("Owner token", StringComparison.Ordinal), "an owner's token", Patience);
            reader.Token = token.Split(' ')[^1];
            // Where the README says that its data lies.
            Assert.True(Directory.Exists(Path.Combine(folder, "data")));

            var commands = Documents.SelectMany(DocumentCommand.Of).ToList();
            Assert.Contains(commands, command => command.Text == HostCommand);
            foreach (var command in commands.Where(command => command.Text != HostCommand)) await Try(command, reader);
            Assert.All(s_run, rule => Assert.True(commands.Exists(command => Regex.IsMatch(command.Text, rule.Pattern, RegexOptions.Singleline)), $"No document has {rule.Pattern} any more."));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Try(DocumentCommand command, Reader reader)
    {
        await using var parsed = ChildProcess.Start("bash", ["-n", "-c", command.Text]);
        Assert.True(await parsed.WaitForExit(Patience) == 0, $"{command}: no shell reads this: {parsed.Output}");
        foreach (Match project in Project().Matches(command.Text)) Assert.True(Directory.Exists(Path.Combine(Repository.Root, project.Groups[1].Value)), $"{command}");
        if (Array.Exists(s_notRun, rule => Regex.IsMatch(command.Text, rule.Pattern))) return;
        var rule = Array.Find(s_run, rule => Regex.IsMatch(command.Text, rule.Pattern, RegexOptions.Singleline));
        Assert.True(rule.Pattern is not null, $"{command} is in neither list of this test.");
        await using var run = reader.Start(command.Text);
        Assert.True(await run.WaitForExit(Patience) == 0 && run.Output.Contains(rule.Says, StringComparison.Ordinal), $"{command}: {run.Output}");
        reader.Heed(run.Output);
    }

    [GeneratedRegex(@"--project (\S+)")]
    private static partial Regex Project();

    /// <summary>Somebody at a shell in a folder of his own, with the program that was built, a host that listens elsewhere, and its token.</summary>
    private sealed partial class Reader(string folder, string url)
    {
        private string _campaign = "";

        public string Token { get; set; } = "";

        public ChildProcess Start(string command)
        {
            foreach (var (name, value) in s_values) command = command.Replace(name, value, StringComparison.Ordinal);
            var program = $"dotnet run --no-build -c {Repository.Configuration} --project {Repository.Root}/";
            command = Own().Replace(command, $"{program}src/OrleansNotify.Host -- $1 ")
                .Replace("dotnet run --project ", program, StringComparison.Ordinal)
                .Replace(Usual, url, StringComparison.Ordinal);
            if (command.StartsWith("TOKEN=", StringComparison.Ordinal)) command = "true";
            if (command.EndsWith(" -- demo", StringComparison.Ordinal)) command += " --once";
            if (command.Contains(" -- campaign ", StringComparison.Ordinal)) command = Regex.Replace(command, @"\bID\b", _campaign) + $" --url {url}";
            // curl tells an error of the host by its exit code.
            File.WriteAllText(Path.Combine(folder, ".curlrc"), "fail-with-body\nsilent\nshow-error\n");
            return ChildProcess.Start("bash", ["-c", command], new Dictionary<string, string>
            {
                ["TOKEN"] = Token,
                ["NOTIFY_TOKEN"] = Token,
                ["ASPNETCORE_URLS"] = command.Contains("demo", StringComparison.Ordinal) ? "http://127.0.0.1:0" : url,
                ["CURL_HOME"] = folder,
            }, folder);
        }

        public void Heed(string output)
        {
            if (Campaign().Match(output) is { Success: true } made) _campaign = made.Groups[1].Value;
        }

        [GeneratedRegex("^(token|campaign|templates|vapid|health) ")]
        private static partial Regex Own();

        [GeneratedRegex("\"campaign_id\":\"([0-9a-f-]{36})\"")]
        private static partial Regex Campaign();
    }
}
