using OrleansNotify.Tests.Processes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OrleansNotify.EndToEnd;

/// <summary>Prometheus' rules, tried by its own tool on series as a host makes them, and the manifests of Kubernetes.</summary>
public sealed class DeployTests
{
    [Theory]
    [InlineData("check", "rules", "docs/deploy/alerts.yml")]
    [InlineData("check", "config", "docs/deploy/prometheus.yml")]
    [InlineData("test", "rules", "tests/OrleansNotify.EndToEnd/alerts.test.yml")]
    public async Task Prometheus_takes_its_files_and_its_rules_fire_when_they_should(params string[] arguments)
    {
        Needs.Program("promtool");
        await using var promtool = ChildProcess.Start("promtool", arguments, folder: Repository.Root);
        Assert.True(await promtool.WaitForExit(TimeSpan.FromSeconds(60)) == 0, promtool.Output);
    }

    [Fact]
    public void Every_rule_is_tried()
    {
        var tried = File.ReadAllText(Path.Combine(Repository.Root, "tests/OrleansNotify.EndToEnd/alerts.test.yml"));
        var rules = Read("docs/deploy/alerts.yml").Single()["groups"][0]["rules"];
        Assert.All(((YamlSequenceNode)rules).Select(rule => (string)rule["alert"]!), name => Assert.Contains($"alertname: {name}\n", tried, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_pod_of_Kubernetes_has_a_service_of_its_name_whose_address_it_gives_others()
    {
        var all = Read("docs/deploy/kubernetes.yaml");
        var set = Assert.Single(all, each => Kind(each) == "StatefulSet");
        var pod = set["spec"]["template"]["spec"];
        var container = pod["containers"][0];
        var address = ((YamlSequenceNode)container["env"]).Single(each => (string)each["name"]! == "ORLEANS_ADVERTISED_IP");
        Assert.Equal("metadata.name", (string)address["valueFrom"]["fieldRef"]["fieldPath"]!);
        for (var pods = 0; pods < int.Parse((string)set["spec"]["replicas"]!, System.Globalization.CultureInfo.InvariantCulture); pods++)
        {
            var name = $"{(string)set["metadata"]["name"]!}-{pods}";
            var service = Assert.Single(all, each => Kind(each) == "Service" && (string)each["metadata"]["name"]! == name);
            Assert.Equal(name, (string)service["spec"]["selector"]["statefulset.kubernetes.io/pod-name"]!);
            Assert.Equal("true", (string)service["spec"]["publishNotReadyAddresses"]!);
        }

        var drain = int.Parse((string)container["lifecycle"]["preStop"]["sleep"]["seconds"]!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(int.Parse((string)pod["terminationGracePeriodSeconds"]!, System.Globalization.CultureInfo.InvariantCulture) >= drain + 35);
    }

    [Fact]
    public void Only_the_cluster_and_its_clients_reach_the_ports_that_ask_for_no_password()
    {
        var policies = Read("docs/deploy/kubernetes.yaml").Where(each => Kind(each) == "NetworkPolicy").ToList();
        foreach (var port in (string[])["11111", "30000", "6379"])
        {
            var rule = Assert.Single(policies.SelectMany(policy => (YamlSequenceNode)policy["spec"]["ingress"]), rule => Ports(rule).Contains(port));
            var from = ((YamlSequenceNode)rule["from"]).Select(each => each["podSelector"]["matchLabels"].ToString()).ToList();
            Assert.Equal(2, from.Count);
        }
    }

    private static string? Kind(YamlNode document) => (string?)document["kind"];

    private static IEnumerable<string> Ports(YamlNode rule) => ((YamlSequenceNode)rule["ports"]).Select(port => (string)port["port"]!);

    private static List<YamlNode> Read(string path)
    {
        YamlStream stream = [];
        stream.Load(new MergingParser(new Parser(File.OpenText(Path.Combine(Repository.Root, path)))));
        return [.. stream.Documents.Select(document => document.RootNode)];
    }
}
