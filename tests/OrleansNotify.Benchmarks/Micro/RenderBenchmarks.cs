using BenchmarkDotNet.Attributes;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Templates;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Micro;

/// <summary>One text of the price alert.</summary>
[MemoryDiagnoser]
public class RenderBenchmarks
{
    private readonly MessageTemplate _template =
        TemplateCatalog.Load(Path.Combine(Repository.Root, "templates"), "https://notify.example").Find("price_alert_triggered")!;

    private readonly TemplateVars _vars = Recipient.TemplateVars;

    [Benchmark]
    public object Email() => _template.RenderEmail(_vars, "en", null);

    [Benchmark]
    public object Telegram() => _template.RenderTelegram(_vars, "en");

    [Benchmark]
    public object Push() => _template.RenderPush(_vars, "en");
}
