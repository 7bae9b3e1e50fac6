using OrleansNotify.Host.CommandLine;
using OrleansNotify.Host.Settings;
using OrleansNotify.Tests.Host.Store;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Host.CommandLine;

public sealed class NotifyCommandsTests
{
    private static readonly Dictionary<string, string> Production = new() { ["ASPNETCORE_ENVIRONMENT"] = "Production" };

    [Fact]
    public async Task Wrong_settings_end_the_start_with_a_line_for_each_and_no_stack_trace()
    {
        var (code, output) = await Run(["run"], new(Production) { ["SMTP_HOST"] = "smtp.example", ["SMTP_PORT"] = "x", ["NOTIFY_JWT_SECRET"] = "hunter2" });

        Assert.Equal(NotifyCommands.Misconfigured, code);
        Assert.Contains("\n  SMTP_PORT: \"x\" is not a port", output, StringComparison.Ordinal);
        Assert.Contains("\n  SMTP_FROM: is missing", output, StringComparison.Ordinal);
        Assert.Contains("\n  NOTIFY_JWT_SECRET: a secret of 7 bytes is too short", output, StringComparison.Ordinal);
        Assert.Contains("\n  NOTIFY_PUBLIC_URL: is missing", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_does_not_let_one_in_ends_the_start_with_its_settings_name() =>
        await Refused("does it take this user and password", "--requirepass", "something else");

    [Fact]
    public async Task So_does_a_store_that_takes_no_writes() => await Refused("OOM command not allowed", "--maxmemory", "1");

    private static async Task Refused(string why, params string[] arguments)
    {
        Needs.Program("redis-server");
        await using var redis = await RedisProcess.Start(arguments);

        var (code, output) = await Run(["run"], new(Production)
        {
            ["TELEGRAM_BOT_TOKEN"] = "1:abc",
            ["NOTIFY_JWT_SECRET"] = new string('x', 32),
            ["NOTIFY_PUBLIC_URL"] = "https://notify.example",
            ["NOTIFY_APP_URL"] = "https://app.example",
            ["REDIS_CONNECTION"] = $"127.0.0.1:{redis.Port},password=hunter2",
        });

        Assert.Equal(NotifyCommands.Misconfigured, code);
        Assert.Matches($"\n  REDIS_CONNECTION: .*({why})", output);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_templates_are_told_by_file()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder.File("welcome"));

        var (code, output) = await Run(["templates", "check", folder.Path], Production);

        Assert.Equal(NotifyCommands.Misconfigured, code);
        Assert.Contains("welcome/template.yaml", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_explains_itself()
    {
        foreach (var command in (string[][])[["run"], ["demo"], ["token"], ["templates", "check"], ["vapid", "generate"], ["health"], ["campaign", "send"], ["campaign", "pause"]])
        {
            var (code, output) = await Run([.. command, "--help"], Production);
            Assert.Equal(0, code);
            Assert.Contains("Description:", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("12h", 43200)]
    [InlineData("30d", 2592000)]
    [InlineData("3650d", 315360000)]
    [InlineData("3651d", null)]
    [InlineData("0h", null)]
    [InlineData("-1h", null)]
    [InlineData("1w", null)]
    [InlineData("h", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_tokens_life_is_a_number_and_a_unit(string? text, int? seconds) =>
        Assert.Equal(seconds, (int?)TokenCommand.LifeOf(text)?.TotalSeconds);

    [Theory]
    [InlineData("http://0.0.0.0:8080", "http://localhost:8080/")]
    [InlineData("http://+:8080", "http://localhost:8080/")]
    [InlineData("http://[::]:8080", "http://localhost:8080/")]
    [InlineData("https://127.0.0.1", "https://127.0.0.1/")]
    public void An_address_to_listen_on_is_told_as_one_to_go_to(string address, string url) =>
        Assert.Equal(url, ListenAddresses.ForBrowser(address).ToString());

    private static async Task<(int Code, string Output)> Run(string[] arguments, Dictionary<string, string> settings)
    {
        using TempFolder folder = new();
        await using var process = HostProcess.Run(arguments, settings, folder.Path);
        return (await process.WaitForExit(TimeSpan.FromSeconds(60)), "\n" + process.Output);
    }
}
