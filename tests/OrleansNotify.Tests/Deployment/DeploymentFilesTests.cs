using System.Text.RegularExpressions;
using OrleansNotify.Metrics;
using OrleansNotify.Tests.Templates;
using YamlDotNet.RepresentationModel;

namespace OrleansNotify.Tests.Deployment;

/// <summary>Files that only a deployment reads: what they name has to be there.</summary>
public sealed partial class DeploymentFilesTests
{
    [Fact]
    public void What_the_compose_file_mounts_and_builds_is_there()
    {
        var services = Services();
        var mounted = services.SelectMany(service => Texts(service.Value, "volumes"))
            .Select(volume => volume.Split(':')[0])
            .Where(source => source.StartsWith("./", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(mounted);
        Assert.All(mounted, source => Assert.True(File.Exists(Path.Combine(Shipped.Repository, source)), source));
        Assert.True(File.Exists(Path.Combine(Shipped.Repository, "Dockerfile")));
    }

    [Fact]
    public void The_compose_file_publishes_each_port_once_on_loopback_and_where_something_listens()
    {
        var ports = Services().SelectMany(service => Texts(service.Value, "ports")).Select(port => port.Split(':')).ToList();

        Assert.All(ports, port => Assert.Equal("127.0.0.1", port[0]));
        Assert.Distinct(ports.Select(port => port[1]));
        Assert.Contains("ASPNETCORE_URLS=http://0.0.0.0:8080", Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Equal(2, ports.Count(port => port[2] == "8080"));
    }

    [Fact]
    public void Prometheus_asks_the_silos_of_the_compose_file()
    {
        var silos = Services().Keys.Where(name => name.StartsWith("silo-", StringComparison.Ordinal)).Select(name => name + ":8080").ToList();

        Assert.Equal(2, silos.Count);
        Assert.All(silos, silo => Assert.Contains($"\"{silo}\"", Read("docs/deploy/prometheus.yml"), StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_image_copies_is_not_left_out()
    {
        var copied = Copy().Matches(Read("Dockerfile")).SelectMany(match => match.Groups["from"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();

        var kept = Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        Assert.NotEmpty(copied);
        Assert.All(copied, path =>
        {
            Assert.Contains(path.Split('/')[0], kept);
            Assert.NotEmpty(Directory.GetFileSystemEntries(Path.Combine(Shipped.Repository, Path.GetDirectoryName(path)!), Path.GetFileName(path)));
        });
    }

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

    private static string Read(string path) => File.ReadAllText(Path.Combine(Shipped.Repository, path));

    private static Dictionary<string, YamlMappingNode> Services()
    {
        YamlStream stream = [];
        using StringReader reader = new(Read("docker-compose.yml"));
        stream.Load(reader);
        var services = (YamlMappingNode)stream.Documents[0].RootNode["services"];
        return services.ToDictionary(service => ((YamlScalarNode)service.Key).Value!, service => (YamlMappingNode)service.Value);
    }

    private static IEnumerable<string> Texts(YamlMappingNode service, string key) =>
        service.Children.TryGetValue(key, out var list) ? ((YamlSequenceNode)list).Select(item => ((YamlScalarNode)item).Value!) : [];

    private static async Task<HashSet<string>> MetricNames()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        _ = new NotifyMetrics(registry);
        using MemoryStream text = new();
        await registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return [.. Type().Matches(System.Text.Encoding.UTF8.GetString(text.ToArray())).Select(match => match.Groups["name"].Value)];
    }

    // What a metric of a query is followed by: its labels, its range, or the end of a sum.
    [GeneratedRegex(@"\b(?<name>[a-z]+(_[a-z]+)+?)(_bucket|_count)?(?=\{|\[|\)|\s*[<>]=? )(?<!_)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^# TYPE (?<name>\w+) ", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex("\"(?<name>[A-Z]+_[A-Z_]+)\"")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^COPY (?!--)(?<from>.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
