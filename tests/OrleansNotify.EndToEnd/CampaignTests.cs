using System.Net;
using System.Text.Json;
using MimeKit;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class CampaignTests
{
    private const int Users = 200;
    private const string Vars = """{"title": "Why a stop loss slips", "summary": "The next price may be far away."}""";

    [Theory, MemberData(nameof(HostStore.All), MemberType = typeof(HostStore))]
    public async Task A_file_of_recipients_is_sent_to_each_once_and_one_click_keeps_the_next_campaign_away(StoreKind kind)
    {
        await using var store = await HostStore.Start(kind);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment, HostEnvironment.Unlimited));
        using HostApi api = new(host);
        await Task.WhenAll(Enumerable.Range(0, Users).Select(user => api.SetUser($"user-{user}", AddressOf(user))));

        var said = await SendAndWatch(host);

        Assert.Contains("has 200 recipients. 2 lines failed:", said, StringComparison.Ordinal);
        Assert.Contains("line 101: Is not JSON", said, StringComparison.Ordinal);
        Assert.Contains("line 202: duplicate_recipient", said, StringComparison.Ordinal);
        Assert.Contains("200 of 200 · done", said, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, Users), user => Assert.Equal(1, providers.CountOf(Receiver.Email, AddressOf(user))));
        Assert.Equal(Users, providers.Inbox.Items.Length);

        var link = await OneClickLink(providers, AddressOf(7));
        await ClickOnce(host, link);

        var second = await api.Ask(HttpMethod.Post, "/api/v1/campaigns", new
        {
            name = "the day after",
            template_name = "daily_insight",
            channel = "email",
            audience = new[] { Recipient("user-7"), Recipient("user-8"), Recipient("nobody") },
        });
        var view = await WaitUntilDone(api, second.GetProperty("campaign_id").GetGuid());
        Assert.Equal((3, 1, 2), (Count(view, "targeted"), Count(view, "sent"), Count(view, "skipped")));
        Assert.Equal("""{"unknown_user":1,"unsubscribed":1}""", view.GetProperty("skipped_by_reason").GetRawText());
        Assert.Equal((1, 2), (providers.CountOf(Receiver.Email, AddressOf(7)), providers.CountOf(Receiver.Email, AddressOf(8))));
    }

    private static string AddressOf(int user) => $"user-{user}@b.example";

    private static object Recipient(string user) => new { user_id = user, vars = JsonElement.Parse(Vars) };

    private static int Count(JsonElement view, string name) => view.GetProperty(name).GetInt32();

    private static async Task<string> SendAndWatch(HostProcess host)
    {
        var file = Path.GetTempFileName();
        try
        {
            var lines = Enumerable.Range(0, Users).Select(user => $"{{\"user_id\": \"user-{user}\", \"vars\": {Vars}}}").ToList();
            lines.Insert(100, "{\"user_id\": \"user-0\", ");
            await File.WriteAllLinesAsync(file, [.. lines, lines[0]]);
            await using var send = HostProcess.Run(
                ["campaign", "send", file, "--template", "daily_insight", "--name", "July", "--channel", "email", "--batch-size", "50", "--url", host.Url, "--watch"],
                new Dictionary<string, string> { ["NOTIFY_TOKEN"] = HostProcess.Token });
            Assert.True(await send.WaitForExit(TimeSpan.FromSeconds(90)) == 0, send.Output);
            return send.Output;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<Uri> OneClickLink(Providers providers, string address)
    {
        var raw = providers.Inbox.Items.OfType<DeliveredMail>().Single(mail => mail.To == address).Raw;
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(raw.ToArray()));
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers[HeaderId.ListUnsubscribePost]);
        return new Uri(mail.Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>'));
    }

    // As a mail program does: no token, no cookie, one form.
    private static async Task ClickOnce(HostProcess host, Uri link)
    {
        using HttpClient mailProgram = new();
        using FormUrlEncodedContent form = new([KeyValuePair.Create("List-Unsubscribe", "One-Click")]);
        using var answer = await mailProgram.PostAsync(new Uri(new Uri(host.Url), link.AbsolutePath), form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<JsonElement> WaitUntilDone(HostApi api, Guid campaign)
    {
        JsonElement view = default;
        await Poll.Until(async () =>
        {
            view = await api.Ask(HttpMethod.Get, $"/api/v1/campaigns/{campaign}");
            return view.GetProperty("status").GetString() == "done";
        }, () => $"campaign that is done; it is {view}", TimeSpan.FromSeconds(30));
        return view;
    }
}
