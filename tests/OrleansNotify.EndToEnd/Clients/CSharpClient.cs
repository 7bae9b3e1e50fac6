using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Newtonsoft.Json;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Clients;

/// <summary>The client that NSwag makes of the API's description, as it comes, compiled.</summary>
internal sealed class CSharpClient(Assembly assembly, HttpClient http)
{
    private readonly object _client = Activator.CreateInstance(assembly.GetType("Generated.NotifyClient", throwOnError: true)!, http)!;

    public static async Task<CSharpClient> Make(string description, string folder, HttpClient http)
    {
        await using var nswag = ChildProcess.Start(
            "dotnet",
            ["nswag", "openapi2csclient", $"/input:{description}", $"/output:{folder}/Client.cs", "/namespace:Generated", "/className:NotifyClient"],
            folder: Repository.Root);
        Assert.True(await nswag.WaitForExit(TimeSpan.FromMinutes(2)) == 0, nswag.Output);
        return new(Compile(await File.ReadAllTextAsync(Path.Combine(folder, "Client.cs"))), http);
    }

    /// <summary>A new one of a type.</summary>
    public dynamic New(string type) => Activator.CreateInstance(assembly.GetType("Generated." + type, throwOnError: true)!)!;

    /// <summary>What it writes for a value.</summary>
    public static string Written(object value) => JsonConvert.SerializeObject(value);

    /// <summary>Calls an operation; the answer is its status, and what was wrong.</summary>
    public async Task<(int Status, string? Problem)> Call(string operation, string? body, Func<string, Type, object?> argument)
    {
        var method = _client.GetType().GetMethods().Single(each =>
            each.Name.Equals(operation + "Async", StringComparison.OrdinalIgnoreCase) && each.GetParameters().All(parameter => parameter.ParameterType != typeof(CancellationToken)));
        var arguments = method.GetParameters().Select(parameter =>
            parameter.Name == "body" ? JsonConvert.DeserializeObject(body!, parameter.ParameterType) : argument(parameter.Name!, parameter.ParameterType));
        try
        {
            await (Task)method.Invoke(_client, [.. arguments])!;
            return (200, null);
        }
        catch (Exception fault) when (fault.GetType().Name.StartsWith("ApiException", StringComparison.Ordinal))
        {
            return ((int)((dynamic)fault).StatusCode, fault.Message);
        }
    }

    private static Assembly Compile(string source)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            "Generated", [CSharpSyntaxTree.ParseText(source)], platform, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using MemoryStream compiled = new();
        var result = compilation.Emit(compiled);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error).Take(5)));
        compiled.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(compiled);
    }
}
