using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Pages;

/// <summary>The shipped templates in a real browser.</summary>
public sealed class MailsTests(DemoBrowser demo) : IClassFixture<DemoBrowser>
{
    // Each word, with the number of lines on which it stands where that is more than one, and each element that is wider than the window.
    private const string Faults = """
        () => {
          const faults = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            for (const word of walker.currentNode.data.matchAll(/\S+/g)) {
              const range = document.createRange();
              range.setStart(walker.currentNode, word.index);
              range.setEnd(walker.currentNode, word.index + word[0].length);
              const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom)));
              if (lines.size > 1) faults.push(`${word[0]}: ${lines.size} lines`);
            }
          }
          for (const element of document.querySelectorAll("body *"))
            if (element.getBoundingClientRect().right > innerWidth + 0.5) faults.push(`${element.tagName} is too wide`);
          return faults;
        }
        """;

    private const string Hosts = """
        ({ html, links, path, app }) => [
          ...[...new DOMParser().parseFromString(html, "text/html").querySelectorAll("a")].map(link => new URL(link.getAttribute("href")).origin),
          ...links.map(link => new URL(link).origin),
          new URL(path, app).origin,
        ]
        """;

    private static readonly string s_snapshots = Path.Combine(Repository.Root, "tests", "OrleansNotify.Tests", "Templates", "Snapshots");

    public static TheoryData<string, int> Mails
    {
        get
        {
            TheoryData<string, int> mails = [];
            foreach (var file in Directory.EnumerateFiles(s_snapshots, "*.email.html").Select(file => Path.GetFileName(file)).Order())
            {
                mails.Add(file, 320);
                mails.Add(file, 600);
            }

            return mails;
        }
    }

    [Theory, MemberData(nameof(Mails))]
    public async Task No_word_of_a_mail_is_broken_and_nothing_is_too_wide(string file, int width)
    {
        var page = await demo.NewPage(width, 1200);
        var html = await File.ReadAllTextAsync(Path.Combine(s_snapshots, file), TestContext.Current.CancellationToken);

        // As a loss is on a bad day, too.
        foreach (var amount in (string[])["1545.50 USD", "1234567.89 USD", "154500000 JPY"])
        {
            await page.SetContentAsync(html.Replace("1545.50 USD", amount, StringComparison.Ordinal));
            Assert.Empty(await page.EvaluateAsync<string[]>(Faults));
        }

        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Artifacts, $"{file}.{width}.png"), FullPage = true });
    }

    [Theory]
    [InlineData("@other.example/x")]
    [InlineData(":1@other.example")]
    [InlineData(".other.example/")]
    [InlineData("//other.example/x")]
    [InlineData(@"\\other.example\x")]
    [InlineData(@"/\other.example")]
    [InlineData("https://other.example/")]
    [InlineData("https:other.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("\t//other.example")]
    [InlineData("/\t/other.example")]
    [InlineData("/\n\r/other.example")]
    [InlineData(" /\\ //other.example")]
    [InlineData("\u0001//other.example")]
    [InlineData("\u3002other.example")]
    [InlineData("\uFF0F\uFF0Fother.example")]
    [InlineData("?@other.example")]
    [InlineData("#@other.example")]
    [InlineData("/../..//other.example")]
    public async Task No_path_leads_a_browser_elsewhere(string path)
    {
        using HttpClient http = new() { BaseAddress = demo.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", demo.Token);
        using var answer = await http.PostAsJsonAsync(
            "/api/v1/templates/daily_insight/preview", new { template_vars = new { path } }, TestContext.Current.CancellationToken);
        var preview = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var email = preview.GetProperty("email");
        var text = email.GetProperty("text").GetString()!.Split('\n').Single(line => line.StartsWith("Read on: ", StringComparison.Ordinal))["Read on: ".Length..];
        var telegram = preview.GetProperty("telegram").GetString()!;
        var link = telegram[(telegram.LastIndexOf("](", StringComparison.Ordinal) + 2)..^1].Replace("\\", "", StringComparison.Ordinal);
        var app = new Uri(text).GetLeftPart(UriPartial.Authority);
        var page = await demo.NewPage();

        var origins = await page.EvaluateAsync<string[]>(Hosts, new
        {
            html = email.GetProperty("html").GetString(),
            links = new[] { text, link },
            path = preview.GetProperty("push").GetProperty("data").GetProperty("url").GetString(),
            app,
        });

        Assert.StartsWith("http://127.0.0.1:", app, StringComparison.Ordinal);
        Assert.All(origins, origin => Assert.Contains(origin, (string[])[app, demo.Url.GetLeftPart(UriPartial.Authority)]));
    }
}
