using System.Reflection;

namespace OrleansNotify.Tests.Processes;

/// <summary>Where things lie, as the build that made this program left them.</summary>
internal static class Repository
{
    private static readonly Dictionary<string, string> s_metadata = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(entry => entry.Key, entry => entry.Value!);

    public static string Root => Path.GetFullPath(s_metadata["RepositoryRoot"]);

    /// <summary>Screenshots and logs for a person to look at.</summary>
    public static string Artifacts => Directory.CreateDirectory(Path.Combine(Root, "TestResults", "EndToEnd")).FullName;

    /// <summary>In which this program was built.</summary>
    public static string Configuration => s_metadata["Configuration"];

    /// <summary>A project's program, of the configuration that this one was built in.</summary>
    public static string Program(string folder, string name) =>
        Path.Combine(Root, folder, name, "bin", Configuration, "net10.0", $"{name}.dll");
}
