using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansNotify.Campaigns;
using OrleansNotify.DeadLetters;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Storage;

/// <summary>
/// Records as an earlier version has stored them, in files that are never written anew: whatever the classes become, these must be read.
/// A new kind, or a new field that matters, gets a new file: <c>NOTIFY_UPDATE_RECORDS=1</c> writes those that are missing.
/// </summary>
public sealed class StoredRecordsTests
{
    private static readonly string s_folder = Path.Combine(FindSource(), "Storage", "Records");
    private static readonly ServiceProvider s_services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private static DateTimeOffset Now => World.Now;

    [Fact]
    public void A_message() => Reads("message.1", Sample());

    [Fact]
    public void A_used_idempotency_key() => Reads("used_key.1", new UsedKey { MessageId = Sample().Id, Body = [1, 2, 3], At = Now });

    [Fact]
    public void A_profile() => Reads("profile.1", Sample(new Profile()));

    [Fact]
    public void A_profile_with_versions_and_what_was_found_gone() => Reads("profile.2", Sample(new Profile
    {
        UserVersion = 7,
        PreferencesVersion = 8,
        Gone = [new GoneAddress { Channel = Channel.Email, Address = "old@b.example", Reason = "bounce 5.1.1", At = Now }],
    }));

    private static Profile Sample(Profile profile) => profile with
    {
        Known = true,
        Locale = "de",
        Preferences = new Preferences
        {
            Channels = new ChannelSwitches { Email = false },
            InstrumentsEnabled = ["EURUSD"],
            AlertTypesEnabled = ["a"],
            UnsubscribedTypes = ["education"],
            QuietHours = new QuietHours { Enabled = true, Start = new(22, 15), End = new(7, 0), TimeZone = "Asia/Amman" },
            UrgentDuringQuietHours = false,
            FallbackOrder = [Channel.Email, Channel.Push],
        },
        Addresses = new Addresses
        {
            Email = "a@b.example",
            TelegramChatId = "-100",
            Devices = [new PushDevice { Id = "d", Endpoint = "https://fcm.googleapis.com/x", P256dh = [4, 1], Auth = [9], VapidKey = "BK", CreatedAt = Now }],
        },
        Disabled = [new DisabledAddress { Channel = Channel.Telegram, Reason = "blocked", At = Now }],
    };

    [Fact]
    public void What_stands_in_a_channels_way() => Reads("channel.1", new ChannelState
    {
        PausedUntil = Now,
        Circuit = Circuit.Open(Now, "timeout") with { Trial = new Trial(Sample().Id, Now) },
        Services = ImmutableDictionary<string, ServiceState>.Empty.Add("https://x.example", new ServiceState { PausedUntil = Now, Circuit = Circuit.Open(Now, "500") }),
    });

    [Fact]
    public void A_job_that_redrives_letters() => Reads("redrive.1", new RedriveState
    {
        Filter = new DeadLetterFilter { UserId = "ann", Channel = Channel.Email, Reason = "r", TemplateName = "welcome", From = Now, To = Now.AddHours(1) },
        StartedAt = Now,
        By = "ops",
        Total = 7,
        Cursor = "MXxh",
        HasLeft = true,
        IsDone = true,
    });

    [Fact]
    public void A_campaign() => Reads("campaign.1", new CampaignState
    {
        Settings = new CampaignSettings
        {
            Name = "spring",
            TemplateName = "daily_insight",
            Channel = Channel.Email,
            Fallback = true,
            BatchSize = 7,
            StartAt = Now,
            ExpiresAt = Now.AddDays(1),
            Rate = 60,
        },
        Upload = 2,
        Targeted = 9,
        Failed = 1,
        Errors = [new CampaignLineError(3, CampaignRules.Duplicate)],
        Cursor = 4,
        NotBefore = Now,
    });

    [Fact]
    public void A_block_of_a_campaigns_audience() => Reads<CampaignRecipient[]>(
        "campaign_block.1", [new() { Line = 1, UserId = "ann", Vars = TemplateVars.Parse("""{"a":1}""") }, new() { Line = 3, UserId = "bob" }]);

    [Fact]
    public void A_message_of_a_campaign() => Reads("message.2", Sample() with { WaitsForChat = true, Campaign = new CampaignPlace(Sample().Id, 7) });

    private static void Reads<T>(string name, T sample)
    {
        var serializer = s_services.GetRequiredService<Serializer<T>>();
        var file = Path.Combine(s_folder, name + ".bin");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("NOTIFY_UPDATE_RECORDS") == "1") File.WriteAllBytes(file, serializer.SerializeToArray(sample));

        var read = serializer.Deserialize(File.ReadAllBytes(file));

        Assert.Equal(JsonSerializer.Serialize(sample), JsonSerializer.Serialize(read));
        Assert.Equal(JsonSerializer.Serialize(sample), JsonSerializer.Serialize(serializer.Deserialize(serializer.SerializeToArray(sample))));
    }

    private static Message Sample() => new()
    {
        Id = Guid.Parse("01900000-0000-7000-8000-000000000001"),
        UserId = "ann",
        TemplateName = "welcome",
        Vars = TemplateVars.Parse("""{"n":1.50,"t":"x"}"""),
        Requested = Channel.Telegram,
        Fallback = false,
        Priority = Priority.Campaign,
        LanePriority = Priority.Campaign,
        Instrument = "EURUSD",
        AlertType = "a",
        Urgent = true,
        CreatedAt = Now,
        SendAt = Now.AddHours(1),
        ExpiresAt = Now.AddHours(2),
        LifeEnds = Now.AddHours(3),
        Status = MessageStatus.Sending,
        Plan = [Channel.Telegram, Channel.Email],
        Tallies = [new Tally { Channel = Channel.Push, Attempts = 2, Unknowns = 1, GivenUp = true, NotBefore = Now }],
        LookAt = Now.AddSeconds(10),
        Channel = Channel.Telegram,
        LaneScore = 42,
        Running = new Attempt { Number = 3, Channel = Channel.Telegram, Silo = "S1", BeganAt = Now, HardEnd = Now.AddSeconds(30) },
        AttemptsBegun = 3,
        Events =
        [
            new MessageEvent
            {
                At = Now, Type = MessageEventType.Attempt, Channel = Channel.Push, Outcome = "unknown", Detail = "d", ProviderId = "p", DurationMs = 7,
                Until = Now, MaybeDuplicate = true,
            },
        ],
        HeldByQuietHours = true,
        UnrenderableSince = Now,
        SilosLost = 1,
        Moved = true,
        RejectedDevices = ["d"],
        Letters = 1,
        Reason = "r",
        SettledAt = Now,
        LastReason = "timeout",
        DeliverAt = Now,
    };

    private static string FindSource()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OrleansNotify.Tests.csproj"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
