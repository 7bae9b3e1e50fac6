using System.Text;
using System.Text.Json.Nodes;
using OrleansNotify.Tests.Described;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Clients;

/// <summary>The types that openapi-typescript makes of the API's description, and a program that is checked against them and asks each route.</summary>
internal static class TypeScriptClient
{
    private static readonly string s_packages = Path.Combine(Repository.Root, "tests", "OrleansNotify.EndToEnd", "npm", "node_modules");

    /// <summary>Makes, compiles and runs it; the answer is a line <c>operation status problem</c> for each operation.</summary>
    public static async Task<string[]> Run(string description, string folder, IEnumerable<ApiOperation> operations, Func<string, string> argument, string host, string token)
    {
        Needs.Program("node");
        Needs.Path(Path.Combine(s_packages, "openapi-typescript"), "the packages in tests/OrleansNotify.EndToEnd/npm (run npm ci there)");
        Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), s_packages);
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"type": "module"}""");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "tsconfig.json"),
            """{"compilerOptions": {"strict": true, "target": "es2022", "module": "nodenext", "skipLibCheck": true, "types": []}, "files": ["drive.ts"]}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "drive.ts"), Program(operations, argument));
        // A field with a default need not be given.
        await Node(folder, "openapi-typescript/bin/cli.js", description, "-o", "api.ts", "--default-non-nullable", "false");
        await Node(folder, "typescript/bin/tsc", "-p", ".");
        await using var drive = ChildProcess.Start("node", ["drive.js"], new Dictionary<string, string> { ["HOST"] = host, ["TOKEN"] = token }, folder);
        Assert.True(await drive.WaitForExit(TimeSpan.FromMinutes(2)) == 0, drive.Output);
        return drive.Output.Split('\n');
    }

    private static async Task Node(string folder, string script, params string[] arguments)
    {
        await using var node = ChildProcess.Start("node", [Path.Combine(s_packages, script), .. arguments], folder: folder);
        Assert.True(await node.WaitForExit(TimeSpan.FromMinutes(2)) == 0, node.Output);
    }

    // The examples of the description stand in the program as they are: the compiler holds them against the types.
    private static string Program(IEnumerable<ApiOperation> operations, Func<string, string> argument)
    {
        StringBuilder text = new("""
            import createClient from "openapi-fetch";
            import type { operations, paths } from "./api.js";
            declare const process: { env: Record<string, string> };
            declare const console: { log(line: string): void };
            const client = createClient<paths>({ baseUrl: process.env.HOST, headers: { Authorization: `Bearer ${process.env.TOKEN}` } });
            const ask = async (name: string, call: Promise<{ response: Response; error?: unknown }>) => {
              const { response, error } = await call;
              console.log(`${name} ${response.status} ${JSON.stringify(error ?? "")}`);
            };

            """);
        foreach (var operation in operations)
        {
            JsonObject path = [];
            foreach (var name in operation.PathNames) path[name] = argument(name);
            List<string> parts = [];
            if (path.Count > 0) parts.Add($"params: {{ path: {path.ToJsonString()} as const }}");
            if (operation.RequestExample is { } body) parts.Add($"body: {body.ToJsonString()}");
            if (operation.Path.StartsWith("/unsubscribe", StringComparison.Ordinal)) parts.Add("parseAs: \"text\"");
            text.AppendLine($"await ask(\"{operation.Id}\", client.{operation.Method}(\"{operation.Path}\", {{ {string.Join(", ", parts)} }}));");
            foreach (var (status, example) in operation.AnswerExamples)
                text.AppendLine($"({example.ToJsonString()}) satisfies operations[\"{operation.Id}\"][\"responses\"][{status}][\"content\"][\"application/json\"];");
        }

        return text.ToString();
    }
}
