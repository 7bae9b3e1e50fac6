using System.Diagnostics;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

/// <summary>One of the scripts in <c>npm/</c>, which stand on packages of others.</summary>
internal static class NodeProgram
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "OrleansNotify.EndToEnd", "npm");

    /// <summary>Runs a script; the answer is its exit code and what it wrote to its standard output.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string script, string input)
    {
        Needs.Program("node");
        Needs.Path(Path.Combine(s_folder, "node_modules"), "the packages in tests/OrleansNotify.EndToEnd/npm (run npm ci there)");
        ProcessStartInfo start = new("node", [script])
        {
            WorkingDirectory = s_folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return (node.ExitCode, output);
    }
}
