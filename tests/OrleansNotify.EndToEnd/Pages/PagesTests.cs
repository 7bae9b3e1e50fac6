using Microsoft.Playwright;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Pages;

public sealed class PagesTests(DemoBrowser demo) : IClassFixture<DemoBrowser>
{
    // Three position failures and a price alert.
    private const int OfEachChannel = 4;

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_inbox_shows_every_channel(int width, ColorScheme scheme)
    {
        var page = await demo.NewPage(width, scheme: scheme);
        PageComplaints complaints = new(page);

        await page.GotoAsync("/inbox");

        foreach (var item in (string[])["#push .notice", "#telegram .message", "#email .mail"])
            await Assertions.Expect(page.Locator(item)).ToHaveCountAsync(OfEachChannel, new() { Timeout = 30_000 });
        if (width < 600) await page.Locator("[role=tab][data-channel=telegram]").ClickAsync();
        await Assertions.Expect(page.Locator("#telegram .message").First).ToBeVisibleAsync();
        await Shoot(page, $"inbox-{width}-{scheme}");
        const string sideways = "[...document.querySelectorAll('.column')].filter(column => column.scrollWidth > column.clientWidth).map(column => column.id)";
        Assert.Empty(await page.EvaluateAsync<string[]>(sideways));
        Assert.Empty(complaints.All);
    }

    [Fact]
    public async Task A_mail_is_shown_in_its_frame()
    {
        var page = await demo.NewPage(height: 1400);
        PageComplaints complaints = new(page);
        await page.GotoAsync("/inbox");
        var mail = page.Locator("#email .mail", new() { HasText = "Stop Loss" });

        await mail.Locator("summary").First.ClickAsync();

        await Assertions.Expect(mail.FrameLocator("iframe").Locator("body")).ToContainTextAsync("Stop", new() { IgnoreCase = true, Timeout = 10_000 });
        await Shoot(page, "inbox-mail");
        Assert.Empty(complaints.All);
    }

    [Fact]
    public async Task The_dashboard_opens_after_the_sign_in_and_not_before()
    {
        var page = await demo.NewPage();
        await page.GotoAsync("/dashboard");
        await Assertions.Expect(page.Locator("#token")).ToBeVisibleAsync();
        PageComplaints complaints = new(page);

        await page.Locator("#token").FillAsync(demo.Token);
        await page.Locator("form button[type=submit]").ClickAsync();

        await page.WaitForURLAsync("**/dashboard**");
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("silo", new() { IgnoreCase = true, Timeout = 20_000 });
        await Shoot(page, "dashboard");
        Assert.Empty(complaints.All);
    }

    [Fact]
    public async Task The_API_page_describes_the_routes()
    {
        var page = await demo.NewPage();
        PageComplaints complaints = new(page);

        await page.GotoAsync("/docs");

        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("/api/v1/messages", new() { Timeout = 30_000 });
        await Shoot(page, "docs");
        Assert.Empty(complaints.All);
    }

    [Fact]
    public async Task The_first_page_leads_to_the_others()
    {
        var page = await demo.NewPage();
        PageComplaints complaints = new(page);

        await page.GotoAsync("/");

        foreach (var path in (string[])["/inbox", "/docs", "/dashboard"])
            await Assertions.Expect(page.Locator($"a[href='{path}']")).ToBeVisibleAsync();
        await Shoot(page, "home");
        Assert.Empty(complaints.All);
    }

    [Fact]
    public async Task A_push_opens_the_page_that_stands_for_the_products()
    {
        var page = await demo.NewPage();
        await page.GotoAsync("/inbox");

        var opened = await page.RunAndWaitForPopupAsync(() => page.Locator("#push .notice .link a", new() { HasText = "/dashboard/alerts" }).ClickAsync());

        await Assertions.Expect(opened.Locator("h1")).ToHaveTextAsync("Here your product would show");
        await Assertions.Expect(opened.Locator("code")).ToHaveTextAsync("/dashboard/alerts");
        await Shoot(opened, "product");
    }

    private static Task<byte[]> Shoot(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Artifacts, $"{name}.png"), FullPage = true });
}
