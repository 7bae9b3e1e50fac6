using System.Collections.Immutable;
using CsCheck;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Templates;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class PlanTests
{
    private static readonly Channel[] s_all = Enum.GetValues<Channel>();

    [Fact]
    public void Without_a_wish_the_plan_is_the_users_order() =>
        Assert.Equal([Channel.Email, Channel.Push], Plan.Make(World.Message, With(order: [Channel.Email, Channel.Push])).Channels);

    [Fact]
    public void The_requested_channel_goes_first_even_if_the_users_order_does_not_name_it() => Assert.Equal(
        [Channel.Telegram, Channel.Push], Plan.Make(World.Message with { Requested = Channel.Telegram }, With(order: [Channel.Push])).Channels);

    [Fact]
    public void Without_fallback_there_is_only_the_requested_channel_or_the_first_that_counts()
    {
        var alone = World.Message with { Fallback = false };
        Assert.Equal([Channel.Telegram], Plan.Make(alone with { Requested = Channel.Telegram }, World.At()).Channels);
        Assert.Equal([Channel.Push], Plan.Make(alone, World.At()).Channels);
        Assert.Equal([Channel.Telegram], Plan.Make(alone, With(devices: [])).Channels);
        Assert.Empty(Plan.Make(alone.With(new Tally { Channel = Channel.Push, GivenUp = true }), World.At()).Channels);
    }

    [Fact]
    public void A_channel_that_was_given_up_stays_given_up() => Assert.Equal(
        [Channel.Telegram, Channel.Email], Plan.Make(World.Message.With(new Tally { Channel = Channel.Push, GivenUp = true }), World.At()).Channels);

    [Theory]
    [InlineData(true, true, true, Reasons.ChannelDisabled)]
    [InlineData(false, true, true, Reasons.NoAddress)]
    [InlineData(false, false, true, Reasons.ChannelNotConfigured)]
    [InlineData(false, false, false, null)]
    public void Where_nothing_counts_the_obstacle_is_the_one_that_was_met_last(bool off, bool noAddress, bool notConfigured, string? obstacle)
    {
        var at = World.At(World.Everywhere with
        {
            Preferences = new Preferences { Channels = new ChannelSwitches { Push = false, Telegram = false, Email = !off } },
            Addresses = World.Everywhere.Addresses with { Email = noAddress ? null : Given.Email },
        }) with
        { Configured = notConfigured ? [] : [Channel.Email] };

        var (channels, why) = Plan.Make(World.Message, at);

        Assert.Equal(obstacle, why);
        Assert.Equal(obstacle is null ? [Channel.Email] : [], channels);
    }

    [Fact]
    public void An_empty_order_means_no_channel() =>
        Assert.Equal(([], Reasons.ChannelDisabled), Plan.Make(World.Message, With(order: [])));

    [Fact]
    public void Every_channel_that_is_named_is_listed_with_its_obstacle()
    {
        var at = World.At(World.Everywhere with
        {
            Preferences = new Preferences { Channels = new ChannelSwitches { Push = false }, FallbackOrder = [Channel.Push, Channel.Email, Channel.Telegram] },
            Addresses = World.Everywhere.Addresses with { Email = null },
        });
        Assert.Equal(
            [(Channel.Telegram, null), (Channel.Push, Reasons.ChannelDisabled), (Channel.Email, Reasons.NoAddress)],
            Plan.Candidates(World.Message with { Requested = Channel.Telegram }, at));
    }

    [Fact]
    public void A_disabled_address_does_not_count()
    {
        var profile = World.Everywhere with { Disabled = [new DisabledAddress { Channel = Channel.Telegram, Reason = "blocked", At = World.Now }] };
        Assert.Equal([Channel.Push, Channel.Email], Plan.Make(World.Message, World.At(profile)).Channels);
    }

    [Fact]
    public void A_template_that_this_silo_does_not_know_has_every_part() =>
        Assert.Equal(3, Plan.Make(World.Message, World.At() with { Template = null }).Channels.Length);

    [Fact]
    public void A_channel_that_the_template_has_no_part_for_does_not_count() => Assert.Equal(
        [Channel.Telegram], Plan.Make(World.Message, World.At(template: TemplateFiles.Template(("telegram.liquid", "Hello")))).Channels);

    [Fact]
    public void Every_plan_has_only_channels_that_count_each_once() => Gen.Select(
            Gen.Enum<Channel>().Array[0, 5], Gen.Enum<Channel>().Nullable(), Gen.Bool, Gen.Bool.Array[3], Gen.Bool.Array[3], Gen.Bool.Array[3])
        .Sample((order, requested, fallback, on, has, configured) =>
        {
            var profile = new Profile
            {
                Preferences = new Preferences
                {
                    Channels = new ChannelSwitches { Push = on[0], Telegram = on[1], Email = on[2] },
                    FallbackOrder = [.. order.Distinct()],
                },
                Addresses = new Addresses { Devices = has[0] ? [World.Device] : [], TelegramChatId = has[1] ? "1" : null, Email = has[2] ? Given.Email : null },
            };
            var at = World.At(profile) with { Configured = [.. s_all.Where(channel => configured[(int)channel])] };

            var (plan, why) = Plan.Make(World.Message with { Requested = requested, Fallback = fallback }, at);

            Assert.Equal(plan.Distinct(), plan);
            Assert.All(plan, channel => Assert.True(on[(int)channel] && has[(int)channel] && configured[(int)channel]));
            Assert.Equal(plan.IsEmpty, why is not null);
            if (requested is { } first && on[(int)first] && has[(int)first] && configured[(int)first]) Assert.Equal(first, plan[0]);
            if (!fallback) Assert.InRange(plan.Length, 0, 1);
        });

    private static Situation With(ImmutableArray<Channel>? order = null, ImmutableArray<PushDevice>? devices = null) => World.At(World.Everywhere with
    {
        Preferences = new Preferences { FallbackOrder = order ?? [Channel.Push, Channel.Telegram, Channel.Email] },
        Addresses = World.Everywhere.Addresses with { Devices = devices ?? [World.Device] },
    });
}
