using System.Text.RegularExpressions;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Documents;

/// <summary>A command that a document tells its reader to give.</summary>
/// <param name="File">The document.</param>
/// <param name="Text">The command, of one or more lines.</param>
internal sealed partial record DocumentCommand(string File, string Text)
{
    /// <summary>Languages of blocks that hold no commands; a block without a language holds nothing else.</summary>
    private static readonly string[] s_noCommands = ["text", "csharp", "js", "json", "yaml", "http", "html", "ini", "nginx", "promql"];

    private static readonly string[] s_shells = ["", "sh", "bash", "shell", "console"];

    /// <summary>The program's own commands, and others, that documents name in the middle of a sentence: those of more than a word.</summary>
    private static readonly string[] s_inline =
        ["token", "campaign", "templates", "vapid", "health", "demo", "dotnet", "curl", "docker", "kubectl", "openssl", "redis-cli", "chrt", "unshare"];

    /// <summary>All commands of a document, in their order.</summary>
    public static IEnumerable<DocumentCommand> Of(string file)
    {
        foreach (Match part in Part().Matches(System.IO.File.ReadAllText(Path.Combine(Repository.Root, file))))
        {
            if (part.Groups["code"].Success)
            {
                var inline = part.Groups["code"].Value.ReplaceLineEndings(" ");
                if (s_inline.Contains(inline.Split(' ')[0]) && inline.Contains(' ')) yield return new(file, inline);
                continue;
            }

            var language = part.Groups["language"].Value.Trim();
            if (s_noCommands.Contains(language)) continue;
            if (!s_shells.Contains(language)) throw new InvalidOperationException($"{file} has a block in {language}, which is in no list here.");
            foreach (var command in CommandsOf(part.Groups["block"].Value)) yield return new(file, command);
        }
    }

    // A command goes on over a line that ends with a backslash, and within quotation marks.
    private static IEnumerable<string> CommandsOf(string block)
    {
        var command = "";
        foreach (var line in block.Split('\n'))
        {
            command += line;
            if (line.EndsWith('\\') || command.Count(letter => letter == '\'') % 2 == 1)
            {
                command += "\n";
                continue;
            }

            if (command.Trim() is { Length: > 0 } whole && whole[0] != '#') yield return whole;
            command = "";
        }
    }

    [GeneratedRegex("""^ *```(?<language>[^\n`]*)\n(?<block>.*?)^ *```|`(?<code>[^`]+)`""", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Part();
}
