using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansNotify.Metrics;
using OrleansNotify.Tests.Templates;

namespace OrleansNotify.Tests.Documents;

/// <summary>What people and Prometheus are told: it has to be there, and all of it.</summary>
public sealed partial class DocumentsTests
{
    [Theory]
    [InlineData("docs/deploy/alerts.yml")]
    [InlineData("docs/deploy/grafana.json")]
    public async Task Alerts_and_dashboard_name_metrics_that_there_are(string file)
    {
        var known = await MetricNames();

        var named = Metric().Matches(Read(file)).Select(match => match.Groups["name"].Value).Distinct().ToList();

        Assert.True(named.Count >= 6, string.Join(' ', named));
        Assert.All(named, name => Assert.Contains(name, known));
    }

    [Fact]
    public async Task The_README_names_every_metric()
    {
        var readme = Read("README.md");
        Assert.All(await MetricNames(), name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_README_names_every_setting()
    {
        var readme = Read("README.md");
        var settings = Directory.GetFiles(Path.Combine(Shipped.Repository, "src/OrleansNotify.Host/Settings"), "*.cs")
            .SelectMany(file => Setting().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value))
            .Distinct()
            .ToList();

        Assert.True(settings.Count >= 25, string.Join(' ', settings));
        Assert.All(settings, name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_READMEs_silo_client_is_the_one_that_is_tested()
    {
        var sample = Sample().Match(Read("README.md")).Groups["code"].Value;

        Assert.NotEmpty(sample);
        Assert.Contains(sample, Read("tests/OrleansNotify.SampleClient/Program.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_package_of_the_host_is_listed_with_its_licence()
    {
        using var locked = JsonDocument.Parse(Read("src/OrleansNotify.Host/packages.lock.json"));
        var packages = locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => package.Name);
        var listed = Package().Matches(Read("docs/third-party.md")).Select(match => match.Groups["name"].Value);
        Assert.Equal(packages.Order(StringComparer.OrdinalIgnoreCase), listed);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Shipped.Repository, path));

    private static async Task<HashSet<string>> MetricNames()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        _ = new NotifyMetrics(registry);
        using MemoryStream text = new();
        await registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return [.. Type().Matches(System.Text.Encoding.UTF8.GetString(text.ToArray())).Select(match => match.Groups["name"].Value)];
    }

    // What a metric of a query is followed by: its labels, its range, or the end of a sum.
    [GeneratedRegex(@"^\| (?<name>[A-Za-z0-9.-]+) \| [A-Z][^|]+ \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Package();

    [GeneratedRegex(@"\b(?<name>[a-z]+(_[a-z]+)+?)(_bucket|_count)?(?=\{|\[|\)|\s*[<>]=? )(?<!_)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^# TYPE (?<name>\w+) ", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex("\"(?<name>[A-Z]+_[A-Z_]+)\"")]
    private static partial Regex Setting();

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
