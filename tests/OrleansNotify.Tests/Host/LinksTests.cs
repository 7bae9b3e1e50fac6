using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using OrleansNotify.Host;
using OrleansNotify.Host.Settings;
using OrleansNotify.Sandbox;
using OrleansNotify.Templates;
using OrleansNotify.Tests.Host.Store;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Host;

/// <summary>Every link that a person gets leads somewhere, and to the right page.</summary>
public sealed partial class LinksTests(RunningHost running)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> TemplatesAndLocales => Templates.ShippedTests.TemplatesAndLocales;

    [Theory, MemberData(nameof(TemplatesAndLocales))]
    public async Task Every_link_of_every_part_of_a_shipped_template_answers_in_Development(string name, string locale)
    {
        var host = await running.Get();
        var template = host.App.Services.GetRequiredService<TemplateCatalog>().Find(name)!;
        var deliveries = await Deliver(host, template, locale);
        var product = host.Sandbox!.Server.AppUrl;
        using HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false });
        var links = deliveries.SelectMany(delivered => LinksOf(delivered, product)).ToList();

        Assert.NotEmpty(links);
        foreach (var link in links)
        {
            using var answer = await browser.GetAsync(new Uri(link), Cancellation);
            var page = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True((int)answer.StatusCode == 200, $"{link}: {answer.StatusCode}");
            if (link.StartsWith(product, StringComparison.Ordinal)) Assert.Contains($"<code>{link[product.Length..]}</code>", page, StringComparison.Ordinal);
            else Assert.Matches($"^{Regex.Escape(host.Url.ToString())}unsubscribe/[^/]+$", link);
        }

        Assert.Equal(template.Manifest.Unsubscribable, links.Any(link => link.Contains("/unsubscribe/", StringComparison.Ordinal)));
        Assert.All(links.Where(link => !link.Contains("/unsubscribe/", StringComparison.Ordinal)), link => Assert.StartsWith(product + "/dashboard", link, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_inbox_opens_a_push_where_the_product_is()
    {
        var host = await running.Get();
        var push = (await Deliver(host, host.App.Services.GetRequiredService<TemplateCatalog>().Find("welcome")!, "en")).OfType<DeliveredPush>().Single();
        using var browser = await running.Browser();

        var items = JsonDocument.Parse(await browser.GetStringAsync(new Uri($"/inbox/items?after={push.Number - 1}", UriKind.Relative), Cancellation));

        Assert.Equal(host.Sandbox!.Server.AppUrl + "/dashboard", items.RootElement[0].GetProperty("opens").GetString());
    }

    [Fact]
    public async Task The_setting_goes_before_the_sandboxs_page()
    {
        using TempFolder folder = new();
        await using var host = await RunningHost.Start(folder.Path, settings: new() { ["NOTIFY_APP_URL"] = "https://app.example/" });

        Assert.Equal("https://app.example/", host.Settings.AppUrl!.ToString());
        Assert.Contains(@"(https://app\.example/dashboard)", host.App.Services.GetRequiredService<TemplateCatalog>().Find("welcome")!.RenderTelegram(TemplateVars.Empty, "en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Production_host_whose_templates_lead_to_the_product_wants_to_know_where_it_is()
    {
        using TempFolder folder = new();

        var problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => Production(folder, null))).Problems);

        Assert.StartsWith("NOTIFY_APP_URL: is missing: where the product's own pages are, such as https://app.example; daily_insight, payment_failed,", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_templates_do_not_starts_without()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder.File("templates/t"));
        await File.WriteAllTextAsync(folder.File("templates/t/template.yaml"), "type: alert", Cancellation);
        await File.WriteAllTextAsync(folder.File("templates/t/telegram.liquid"), "x {{ public_url }}", Cancellation);

        await using var host = await Production(folder, folder.File("templates"));

        Assert.Null(host.Settings.AppUrl);
    }

    private static Task<NotifyHost> Production(TempFolder folder, string? templates) => RunningHost.Start(folder.Path, "Production", new()
    {
        ["NOTIFY_JWT_SECRET"] = new string('x', 32),
        ["NOTIFY_PUBLIC_URL"] = "https://notify.example",
        ["NOTIFY_TEMPLATES_DIR"] = templates,
        ["TELEGRAM_BOT_TOKEN"] = "1:abc",
    });

    private static async Task<IReadOnlyList<Delivered>> Deliver(NotifyHost host, MessageTemplate template, string locale)
    {
        var sandbox = host.Sandbox!.Server;
        var id = $"links-{Guid.NewGuid():N}";
        var user = host.App.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserGrain>(id);
        var device = sandbox.Push.NewSubscription();
        var chat = $"{Random.Shared.NextInt64(1_000_000_000, 9_000_000_000)}";
        await user.SetUser(new UserUpdate { Email = $"{id}@b.example", TelegramChatId = chat, Locale = locale });
        await user.AddPushSubscription(new PushSubscription { Endpoint = device.Endpoint, Keys = new PushKeys { P256dh = device.P256dh, Auth = device.Auth } });
        var channels = Enum.GetValues<Channel>();
        foreach (var channel in channels)
        {
            SendRequest request = new() { TemplateName = template.Manifest.Name, TemplateVars = template.SampleVars, Channel = channel, Fallback = false };
            Assert.Equal(ReceiptStatus.Accepted, (await user.Send(request)).Status);
        }

        string[] addresses = [$"{id}@b.example", chat, device.Id];
        List<Delivered> arrived = [];
        await Poll.Until(
            () => Task.FromResult((arrived = [.. sandbox.Inbox.Items.Where(item => addresses.Contains(item.To))]).Count == channels.Length),
            () => $"message more than {arrived.Count} of {channels.Length}",
            TimeSpan.FromSeconds(30));
        return arrived;
    }

    private static IEnumerable<string> LinksOf(Delivered delivered, string product)
    {
        switch (delivered)
        {
            case DeliveredMail mail:
                var message = MimeMessage.Load(new MemoryStream(mail.Raw.ToArray()), Cancellation);
                return new HtmlParser().ParseDocument(message.HtmlBody!).QuerySelectorAll("a").Select(link => link.GetAttribute("href")!)
                    .Concat(Address().Matches(message.TextBody!).Select(match => match.Value.TrimEnd(')')))
                    .Concat(Address().Matches(message.Headers["List-Unsubscribe"] ?? "").Select(match => match.Value.TrimEnd('>')));
            case DeliveredTelegram message2:
                return new HtmlParser().ParseDocument(message2.Html).QuerySelectorAll("a").Select(link => link.GetAttribute("href")!);
            default:
                return [product + JsonDocument.Parse(((DeliveredPush)delivered).Payload).RootElement.GetProperty("data").GetProperty("url").GetString()];
        }
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Address();
}
