namespace OrleansNotify.Tests.Processes;

/// <summary>Programs that a test needs and that a machine may lack.</summary>
internal static class Needs
{
    private static readonly bool s_all = Environment.GetEnvironmentVariable("CI") == "true"
        || Environment.GetEnvironmentVariable("NOTIFY_REQUIRE_ALL") == "1";

    /// <summary>Skips the test, saying why, where a program is not installed; with <c>CI=true</c> or <c>NOTIFY_REQUIRE_ALL=1</c> fails it.</summary>
    public static void Program(string name)
    {
        if (ChildProcess.IsInstalled(name)) return;
        if (s_all) Assert.Fail($"{name} is not installed, and NOTIFY_REQUIRE_ALL or CI is set.");
        Assert.Skip($"{name} is not installed");
    }
}
