using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Storage;
using OrleansNotify.Templates;
using OrleansNotify.Tests.Processes;
using OrleansNotify.Users;

namespace OrleansNotify.Benchmarks.Micro;

/// <summary>The commit of one accepted message: decided, serialised and put into its order, but not sent to the store.</summary>
[MemoryDiagnoser]
public class CommitBenchmarks
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Keys _keys = new("bench");
    private readonly Codec _codec;
    private readonly TemplateManifest _manifest =
        TemplateCatalog.Load(Path.Combine(Repository.Root, "templates"), "https://notify.example").Find("price_alert_triggered")!.Manifest;

    private readonly SendRequest _request = new() { TemplateName = "price_alert_triggered", TemplateVars = Recipient.TemplateVars };

    public CommitBenchmarks()
    {
        var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        _codec = new Codec(services.GetRequiredService<Serializer<Message>>(), services.GetRequiredService<Serializer<UsedKey>>());
    }

    [Benchmark]
    public object Accept()
    {
        OutboxChange change = new("ada", Outbox.Empty, _keys, _codec, HistoryLimits.Default, s_now);
        change.Put(NewMessage.From(_request, "ada", _manifest, s_now, s_now));
        return change.Build();
    }
}
