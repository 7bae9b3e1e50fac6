using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_delivers_everything_and_ends_with_0()
    {
        var folder = Directory.CreateTempSubdirectory("notify-demo-");
        try
        {
            await using var demo = HostProcess.Run(["demo", "--once"], new Dictionary<string, string> { ["NOTIFY_DATA_DIR"] = "data" }, folder.FullName);

            Assert.True(await demo.WaitForExit(TimeSpan.FromSeconds(60)) == 0, demo.Output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
