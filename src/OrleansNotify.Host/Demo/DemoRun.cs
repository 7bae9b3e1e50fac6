using OrleansNotify.Templates;
using Spectre.Console;

namespace OrleansNotify.Host.Demo;

/// <summary>A user with three channels, and each alert on its way to each of them.</summary>
internal static class DemoRun
{
    private const string User = "demo";

    private static readonly string[] Alerts = ["position_failure_entry", "position_failure_sl", "position_failure_tp", "price_alert_triggered"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40), Refresh = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends, and shows the timelines until all are settled. What has not arrived.</summary>
    public static async Task<IReadOnlyList<string>> Show(NotifyHost host, CancellationToken cancellation)
    {
        var user = host.App.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserGrain>(User);
        var before = host.Sandbox!.Server.Inbox.Count;
        await Introduce(host, user);
        List<DemoMessage> messages = [];
        foreach (var alert in Alerts)
        {
            foreach (var channel in Enum.GetValues<Channel>()) messages.Add(await Send(host, user, alert, channel));
        }

        await Follow(user, messages, cancellation);
        var missing = messages.Where(message => message.View?.Status != MessageStatus.Sent).Select(message => message.ToString()).ToList();
        var arrived = host.Sandbox.Server.Inbox.Count - before;
        if (missing.Count == 0 && arrived != messages.Count) missing.Add($"the providers' inbox has {arrived} messages, not {messages.Count}");
        return missing;
    }

    /// <summary>Where to look next.</summary>
    public static string Links(NotifyHost host) => $"""
        What has arrived, as a person sees it:  {host.Url}inbox
        The cluster at work:                    {host.Url}dashboard  (sign in with the owner token above)
        The API, to try out:                    {host.Url}docs
        Ctrl-C ends the demo.
        """;

    private static async Task Introduce(NotifyHost host, IUserGrain user)
    {
        await user.SetUser(new UserUpdate { Email = "ada@demo.example", TelegramChatId = "424242", Locale = "en" });
        foreach (var old in (await user.GetUser())!.PushSubscriptions) await user.RemovePushSubscription(old.Id);
        var device = host.Sandbox!.Server.Push.NewSubscription();
        await user.AddPushSubscription(new PushSubscription
        {
            Endpoint = device.Endpoint,
            Keys = new PushKeys { P256dh = device.P256dh, Auth = device.Auth },
        });
    }

    private static async Task<DemoMessage> Send(NotifyHost host, IUserGrain user, string alert, Channel channel)
    {
        var template = host.App.Services.GetRequiredService<TemplateCatalog>().Find(alert);
        var receipt = await user.Send(new SendRequest
        {
            TemplateName = alert,
            TemplateVars = template?.SampleVars ?? TemplateVars.Empty,
            Channel = channel,
            Fallback = false,
        });
        return new DemoMessage(alert, channel, receipt);
    }

    private static async Task Follow(IUserGrain user, List<DemoMessage> messages, CancellationToken cancellation)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(Patience);
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            await Until(user, messages, _ => { }, enough.Token);
            foreach (var message in messages) Console.Out.WriteLine(message.Line());
            return;
        }

        await AnsiConsole.Live(DemoTable.Of(messages)).StartAsync(live => Until(user, messages, table => live.UpdateTarget(table), enough.Token));
    }

    private static async Task Until(IUserGrain user, List<DemoMessage> messages, Action<Table> show, CancellationToken enough)
    {
        using PeriodicTimer poll = new(Refresh);
        do
        {
            foreach (var message in messages.Where(message => !message.IsSettled)) await message.Look(user);
            show(DemoTable.Of(messages));
        }
        while (!messages.All(message => message.IsSettled) && await Tick(poll, enough));
    }

    private static async Task<bool> Tick(PeriodicTimer poll, CancellationToken enough)
    {
        try
        {
            return await poll.WaitForNextTickAsync(enough);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
