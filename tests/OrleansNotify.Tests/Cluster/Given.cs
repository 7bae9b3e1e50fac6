using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Cluster;

/// <summary>Users and requests that tests start from.</summary>
internal static class Given
{
    public const string Email = "ann@b.example", Chat = "4711";

    /// <summary>An alert that is not urgent.</summary>
    public static SendRequest Alert { get; } = new()
    {
        TemplateName = "price_alert_triggered",
        TemplateVars = TemplateVars.Parse("""{"instrument":"EURUSD","trigger_price":1.1,"current_price":1.1003,"condition":"above"}"""),
    };

    /// <summary>An urgent one.</summary>
    public static SendRequest Failure { get; } = new()
    {
        TemplateName = "position_failure_sl",
        TemplateVars = TemplateVars.Parse(
            """{"instrument":"EURUSD","side":"buy","entry_price":1.1,"current_price":1.0903,"loss_amount":97.5,"broker_ticket":"T-1"}"""),
    };

    /// <summary>Something that one may unsubscribe from.</summary>
    public static SendRequest Insight { get; } = new()
    {
        TemplateName = "daily_insight",
        TemplateVars = TestTemplates.Catalog.Find("daily_insight")!.SampleVars,
    };

    /// <summary>A user with an email address, and a Telegram chat where it is wanted.</summary>
    public static async Task<IUserGrain> UserWith(this NotifyCluster cluster, string id = "ann", bool email = true, bool telegram = false, Preferences? preferences = null)
    {
        var user = cluster.User(id);
        var update = new UserUpdate { Email = email ? Email : null, TelegramChatId = telegram ? Chat : null };
        Assert.True((await user.SetUser(update)).Succeeded);
        if (preferences is not null) await user.Prefers(preferences);
        return user;
    }

    /// <summary>Sets all preferences, the unsubscribed types among them.</summary>
    public static async Task Prefers(this IUserGrain user, Preferences preferences)
    {
        var before = await user.GetPreferences();
        Assert.True((await user.SetPreferences(preferences, before is null ? new() { MustNotExist = true } : Precondition.Version(before.Version))).Succeeded);
    }

    public static Task<NotifyCluster> Cluster(this StoreFixture stores, StoreKind kind, int silos = 1, int room = 1000) => Start(stores, kind, silos, room);

    private static async Task<NotifyCluster> Start(StoreFixture stores, StoreKind kind, int silos, int room) =>
        await NotifyCluster.Start(await stores.Get(kind), silos, room: room);

    /// <summary>Waits until the message has this status.</summary>
    public static async Task<MessageView> Until(this IUserGrain user, Guid? message, MessageStatus status)
    {
        MessageView? view = null;
        await Eventually.True(async () => (view = await user.GetMessage(message!.Value))?.Status == status, $"the message is {status}; it is {view?.Status}");
        return view!;
    }
}
