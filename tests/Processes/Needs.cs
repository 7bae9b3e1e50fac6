namespace OrleansNotify.Tests.Processes;

/// <summary>
/// What a test needs and a machine may lack: the test is skipped, saying what it is. With <c>CI=true</c> or <c>NOTIFY_REQUIRE_ALL=1</c> nothing
/// is skipped: the test fails.
/// </summary>
internal static class Needs
{
    private static readonly bool s_all = Environment.GetEnvironmentVariable("CI") == "true"
        || Environment.GetEnvironmentVariable("NOTIFY_REQUIRE_ALL") == "1";

    /// <summary>A program on the <c>PATH</c>.</summary>
    public static void Program(string name) => That(ChildProcess.IsInstalled(name), $"{name}, which is not installed");

    /// <summary>A file or folder that something else has to make.</summary>
    public static void Path(string path, string what) => That(System.IO.Path.Exists(path), what);

    /// <summary>Anything else.</summary>
    public static void That(bool isThere, string what)
    {
        if (isThere) return;
        if (s_all) Assert.Fail($"This needs {what}, and CI or NOTIFY_REQUIRE_ALL is set.");
        Assert.Skip($"This needs {what}.");
    }
}
