using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

/// <summary>What raises the version of a user, and of the preferences.</summary>
public sealed class VersionsTests
{
    private static readonly Profile s_before = World.Everywhere with { UserVersion = 5, PreferencesVersion = 6 };

    private static (bool User, bool Preferences) Raised(Profile changed, Profile? before = null)
    {
        var after = changed.After(before ?? s_before, World.Now);
        return (after.UserVersion != (before ?? s_before).UserVersion, after.PreferencesVersion != (before ?? s_before).PreferencesVersion);
    }

    [Fact]
    public void Whatever_is_shown_of_the_user_raises_the_users()
    {
        var addresses = s_before.Addresses;
        Profile[] changes =
        [
            s_before with { Locale = "de" },
            s_before with { Addresses = addresses with { Email = "new@b.example" } },
            s_before with { Addresses = addresses with { TelegramChatId = null } },
            s_before with { Addresses = addresses with { Devices = [] } },
            s_before.Disable(Channel.Email, "bounce", World.Now),
        ];
        Assert.All(changes, changed => Assert.Equal((true, false), Raised(changed)));
    }

    [Fact]
    public void Whatever_is_shown_of_the_preferences_raises_theirs()
    {
        var preferences = s_before.Preferences;
        Preferences[] changes =
        [
            preferences with { Channels = new ChannelSwitches { Push = false } },
            preferences with { InstrumentsEnabled = ["EURUSD"] },
            preferences with { AlertTypesEnabled = ["a"] },
            preferences with { UnsubscribedTypes = ["education"] },
            preferences with { QuietHours = new QuietHours { Enabled = true } },
            preferences with { UrgentDuringQuietHours = false },
            preferences with { FallbackOrder = [Channel.Email] },
        ];
        Assert.All(changes, changed => Assert.Equal((false, true), Raised(s_before with { Preferences = changed })));
    }

    [Fact]
    public void What_is_equal_raises_none_though_it_is_another_object()
    {
        var preferences = new Preferences { UnsubscribedTypes = ["a"], FallbackOrder = [Channel.Email], InstrumentsEnabled = ["x"], AlertTypesEnabled = ["y"] };
        var same = new Preferences { UnsubscribedTypes = ["a"], FallbackOrder = [Channel.Email], InstrumentsEnabled = ["x"], AlertTypesEnabled = ["y"] };
        Assert.NotEqual(preferences, same);
        var before = s_before with { Preferences = preferences };
        Assert.Equal((false, false), Raised(before with { Preferences = same, Addresses = before.Addresses with { Devices = [World.Device] } }, before));
    }

    [Fact]
    public void A_new_user_has_versions_of_the_clock_and_none_comes_twice()
    {
        var first = World.Everywhere.After(new Profile(), World.Now);
        Assert.Equal(StoreClock.ToMicroseconds(World.Now), first.UserVersion);
        Assert.Equal(first.UserVersion, first.PreferencesVersion);
        var second = (first with { Locale = "de" }).After(first, World.Now);
        Assert.Equal(first.UserVersion + 1, second.UserVersion);
    }
}
