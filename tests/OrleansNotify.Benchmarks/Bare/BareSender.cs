using System.Globalization;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Templates;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Bare;

/// <summary>The bare sender's own program: renders the message once, then only sends.</summary>
internal static class BareSender
{
    private const int Connections = 32;

    public static async Task<int> Run(Channel channel, int messages)
    {
        var template = TemplateCatalog.Load(Path.Combine(Repository.Root, "templates"), "https://notify.example").Find("price_alert_triggered")!;
        await using var client = channel switch
        {
            Channel.Email => (IBareClient)new BareEmail(template.RenderEmail(Recipient.TemplateVars, "en", null)),
            Channel.Push => new BarePush(template.RenderPush(Recipient.TemplateVars, "en")),
            _ => new BareTelegram(template.RenderTelegram(Recipient.TemplateVars, "en")),
        };
        var cpu = ProcessUsage.Of(Environment.ProcessId).CpuSeconds;
        Console.WriteLine($"began {TimeProvider.System.GetUtcNow():O}");
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            await using var connection = await client.Connect();
            while (Interlocked.Increment(ref next) is var number && number < messages) await connection.Send(number);
        })));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cpu {ProcessUsage.Of(Environment.ProcessId).CpuSeconds - cpu}"));
        return 0;
    }
}

/// <summary>A client library, set up once.</summary>
internal interface IBareClient : IAsyncDisposable
{
    Task<IBareConnection> Connect();
}

/// <summary>One sending loop's connection.</summary>
internal interface IBareConnection : IAsyncDisposable
{
    Task Send(int number);
}
