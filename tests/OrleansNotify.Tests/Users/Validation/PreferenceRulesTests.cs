using System.Collections.Immutable;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.Tests.Users.Validation;

public class PreferenceRulesTests
{
    private static readonly ImmutableArray<string> Longest = [.. Enumerable.Range(0, 200).Select(i => $"{i}".PadLeft(64, 'é'))];

    [Fact]
    public void The_preferences_of_a_user_who_has_set_none_are_right() => Assert.Empty(PreferenceRules.Check(new Preferences()));

    [Fact]
    public void The_longest_lists_are_right() => Assert.Empty(PreferenceRules.Check(new Preferences
    {
        InstrumentsEnabled = Longest,
        AlertTypesEnabled = Longest,
        UnsubscribedTypes = Longest,
        QuietHours = new QuietHours { Enabled = true, Start = new(0, 0), End = new(23, 59), TimeZone = "America/Argentina/ComodRivadavia" },
        FallbackOrder = [Channel.Email],
    }));

    [Fact]
    public void An_empty_order_leaves_requested_channels_alone() => Assert.Empty(PreferenceRules.Check(new Preferences { FallbackOrder = [] }));

    public static TheoryData<ImmutableArray<string>> WrongLists =>
        new(Longest.Add("one more"), [""], ["fine", "a\tb"], [new string('x', 65)], [null!]);

    [Theory, MemberData(nameof(WrongLists))]
    public void A_list_has_200_short_texts_at_most(ImmutableArray<string> list)
    {
        var errors = PreferenceRules.Check(new Preferences { InstrumentsEnabled = list, AlertTypesEnabled = list, UnsubscribedTypes = list });
        Assert.Equal(["alert_types_enabled", "instruments_enabled", "unsubscribed_types"], errors.Keys.Order());
        Assert.All(errors.Values, texts =>
            Assert.Equal(["Must be a list of at most 200 texts of 1 to 64 characters without control characters."], texts));
    }

    [Fact]
    public void What_a_silo_client_left_out_is_refused()
    {
        var errors = PreferenceRules.Check(new Preferences
        {
            Channels = null!,
            InstrumentsEnabled = default,
            AlertTypesEnabled = default,
            UnsubscribedTypes = default,
            QuietHours = null!,
            FallbackOrder = default,
        });
        Assert.Equal(
            ["alert_types_enabled", "channels", "fallback_order", "instruments_enabled", "quiet_hours", "unsubscribed_types"], errors.Keys.Order());
        Assert.Equal(["Must be an object."], errors["channels"]);
        Assert.Equal(["Must be an object."], errors["quiet_hours"]);
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("UTC+02:00")]
    [InlineData("")]
    [InlineData(null)]
    public void A_zone_that_does_not_exist_is_refused_though_the_window_is_off(string? zone) => Assert.Equal(
        "Must be the id of an IANA time zone, such as Europe/London or UTC.",
        Single(PreferenceRules.Check(new Preferences { QuietHours = new QuietHours { TimeZone = zone! } }), "quiet_hours.time_zone"));

    [Fact]
    public void A_window_is_of_whole_minutes()
    {
        QuietHours hours = new() { Start = new(22, 0, 1), End = new TimeOnly(7, 0).Add(TimeSpan.FromTicks(1)) };
        var errors = PreferenceRules.Check(new Preferences { QuietHours = hours });
        Assert.Equal(["quiet_hours.end", "quiet_hours.start"], errors.Keys.Order());
        Assert.Equal(["Must be a whole minute, such as 22:00."], errors["quiet_hours.end"]);
    }

    public static TheoryData<ImmutableArray<Channel>> WrongOrders =>
        new([Channel.Push, Channel.Push], [Channel.Push, Channel.Email, Channel.Telegram, Channel.Push], [(Channel)3]);

    [Theory, MemberData(nameof(WrongOrders))]
    public void An_order_names_each_channel_at_most_once(ImmutableArray<Channel> order) => Assert.Equal(
        "Must be a list that names each of these at most once: push, telegram, email.",
        Single(PreferenceRules.Check(new Preferences { FallbackOrder = order }), "fallback_order"));

    private static string Single(IReadOnlyDictionary<string, string[]> errors, string field)
    {
        var (name, texts) = Assert.Single(errors);
        Assert.Equal(field, name);
        return Assert.Single(texts);
    }
}
