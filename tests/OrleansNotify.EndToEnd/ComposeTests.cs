using System.Text.RegularExpressions;
using OrleansNotify.Tests.Processes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansNotify.EndToEnd;

/// <summary>What of the deployment files can be held against something without an engine that runs them.</summary>
public sealed partial class ComposeTests
{
    private static readonly string[] Silos = ["silo-1", "silo-2"];

    [Fact]
    public async Task The_compose_file_is_one_by_its_specification()
    {
        var (exitCode, output) = await NodeProgram.Run("compose.mjs", Read("docker-compose.yml"));

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void It_runs_two_silos_on_a_durable_Redis_and_waits_for_it()
    {
        var services = Map(Yaml("docker-compose.yml")["services"]);

        Assert.Subset(services.Keys.ToHashSet(), Silos.Concat(["redis", "prometheus", "mail"]).ToHashSet());
        Assert.Contains("--appendonly yes", string.Join(' ', (List<object>)Map(services["redis"])["command"]), StringComparison.Ordinal);
        foreach (var silo in Silos.Select(name => Map(services[name])))
        {
            Assert.Equal("redis:6379", Map(silo["environment"])["REDIS_CONNECTION"]);
            Assert.Equal("service_healthy", Map(Map(silo["depends_on"])["redis"])["condition"]);
            Assert.Equal("true", silo["read_only"]);
            Assert.All(Map(silo["depends_on"]).Keys, name => Assert.Contains(name, services.Keys));
            Assert.Contains(Map(silo["environment"])["SMTP_HOST"], services.Keys);
        }
    }

    [Fact]
    public void Every_file_that_it_mounts_or_copies_is_there()
    {
        foreach (var mount in Map(Yaml("docker-compose.yml")["services"]).Values.SelectMany(service => Strings(service, "volumes")).Where(mount => mount.StartsWith('.')))
            Assert.True(File.Exists(Path.Combine(Repository.Root, mount.Split(':')[0])), mount);
        foreach (Match copy in Copy().Matches(Read("Dockerfile")))
        {
            foreach (var source in copy.Groups[1].Value.Split(' ').SkipLast(1))
            {
                var (folder, name) = (Path.GetDirectoryName(source)!, Path.GetFileName(source));
                Assert.NotEmpty(Directory.EnumerateFileSystemEntries(Path.Combine(Repository.Root, folder), name));
                Assert.Contains("!" + source.Split('/')[0], Read(".dockerignore").Split('\n'));
            }
        }
    }

    [Fact]
    public void Everybody_names_the_port_that_the_image_listens_on()
    {
        var port = Regex.Match(Read("Dockerfile"), @"ASPNETCORE_URLS=http://0\.0\.0\.0:(\d+)").Groups[1].Value;
        var services = Map(Yaml("docker-compose.yml")["services"]);
        var targets = Strings(((List<object>)Map(((List<object>)Yaml("docs/deploy/prometheus.yml")["scrape_configs"])[0])["static_configs"])[0], "targets");

        Assert.Contains($"EXPOSE {port}", Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Equal(Silos.Select(silo => $"{silo}:{port}"), targets);
        Assert.All(Silos, silo => Assert.EndsWith(":" + port, Assert.Single(Strings(services[silo], "ports")), StringComparison.Ordinal));
        Assert.All(services.Values.SelectMany(service => Strings(service, "ports")), mapping => Assert.StartsWith("127.0.0.1:", mapping, StringComparison.Ordinal));
    }

    [Fact]
    public void The_image_runs_as_nobody_special_and_asks_the_program_itself_for_its_health()
    {
        var file = Read("Dockerfile");

        Assert.Contains("USER $APP_UID", file, StringComparison.Ordinal);
        Assert.Contains("""CMD ["/app/OrleansNotify.Host", "health"]""", file, StringComparison.Ordinal);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static Dictionary<string, object> Yaml(string path) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(Read(path)))));

    private static Dictionary<string, object> Map(object node) => ((Dictionary<object, object>)node).ToDictionary(pair => (string)pair.Key, pair => pair.Value);

    private static List<string> Strings(object service, string key) =>
        Map(service).TryGetValue(key, out var list) ? [.. ((List<object>)list).Cast<string>()] : [];

    [GeneratedRegex(@"^COPY (?!--from)(.+)$", RegexOptions.Multiline)]
    private static partial Regex Copy();
}
