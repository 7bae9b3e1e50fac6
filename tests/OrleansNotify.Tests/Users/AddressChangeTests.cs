using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class AddressChangeTests
{
    private static readonly Profile s_gone = World.Everywhere.Disable(Channel.Email, "bounce 5.1.1", World.Now).Disable(Channel.Telegram, "blocked", World.Now);

    [Fact]
    public void The_same_address_in_another_spelling_stays_disabled()
    {
        var changed = s_gone.To(Given.Email.ToUpperInvariant(), Given.Chat);
        Assert.Equal([Channel.Email, Channel.Telegram], changed.Disabled.Select(each => each.Channel).Order().Reverse());
        Assert.Equal(("bounce 5.1.1", World.Now), (changed.Disabled[0].Reason, changed.Disabled[0].At));
    }

    [Fact]
    public void Another_address_is_enabled_and_the_old_one_is_remembered()
    {
        var changed = s_gone.To("new@b.example", Given.Chat);
        Assert.Equal(Channel.Telegram, Assert.Single(changed.Disabled).Channel);
        Assert.Equal(2, changed.To(Given.Email, Given.Chat).Disabled.Length);
        Assert.Equal(2, changed.To(null, null).To(Given.Email, Given.Chat).Disabled.Length);
    }

    [Fact]
    public void An_address_that_an_older_version_has_disabled_is_the_current_one()
    {
        var older = World.Everywhere with { Disabled = [new DisabledAddress { Channel = Channel.Email, Reason = "old", At = World.Now }] };
        var away = older.To("new@b.example", null);
        Assert.Empty(away.Disabled);
        Assert.Equal("old", Assert.Single(away.To(Given.Email, null).Disabled).Reason);
        Assert.Equal("old", Assert.Single(older.To(Given.Email, Given.Chat).Disabled).Reason);
    }

    [Fact]
    public void A_channel_is_enabled_for_good_and_the_other_is_not()
    {
        var enabled = s_gone.Enable(Channel.Email);
        Assert.Equal(Channel.Telegram, Assert.Single(enabled.Disabled).Channel);
        Assert.Equal(Channel.Telegram, Assert.Single(enabled.To(null, null).To(Given.Email, Given.Chat).Disabled).Channel);
        Assert.Equal(2, s_gone.Enable(Channel.Push).Disabled.Length);
    }

    [Fact]
    public void Disabled_again_it_has_the_newer_reason()
    {
        var again = s_gone.To("new@b.example", null).To(Given.Email, null).Disable(Channel.Email, "bounce 5.2.1", World.Now.AddDays(1));
        Assert.Equal("bounce 5.2.1", Assert.Single(again.To(Given.Email, null).Disabled).Reason);
        Assert.Equal(2, again.Gone.Length);
    }

    [Fact]
    public void Twenty_are_remembered_and_no_log_carries_them()
    {
        var profile = World.Everywhere;
        for (var i = 0; i <= AddressChange.MostGone; i++) profile = profile.To($"a{i}@b.example", null).Disable(Channel.Email, "bounce", World.Now);
        Assert.Equal(AddressChange.MostGone, profile.Gone.Length);
        Assert.Empty(profile.To("a0@b.example", null).Disabled);
        Assert.Single(profile.To("a1@b.example", null).Disabled);
        Assert.DoesNotContain("@", string.Join(' ', profile.Gone), StringComparison.Ordinal);
    }
}
