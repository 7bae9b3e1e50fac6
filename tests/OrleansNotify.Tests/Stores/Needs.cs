namespace OrleansNotify.Tests.Stores;

/// <summary>Programs that a test needs and that a machine may lack.</summary>
internal static class Needs
{
    private static readonly bool s_all = Environment.GetEnvironmentVariable("CI") == "true"
        || Environment.GetEnvironmentVariable("NOTIFY_REQUIRE_ALL") == "1";

    /// <summary>Skips the test with the reason; with <c>CI=true</c> or <c>NOTIFY_REQUIRE_ALL=1</c> fails it instead.</summary>
    public static void That(bool isThere, string otherwise)
    {
        if (isThere) return;
        if (s_all) Assert.Fail($"{otherwise}, and NOTIFY_REQUIRE_ALL or CI is set.");
        Assert.Skip(otherwise);
    }
}
