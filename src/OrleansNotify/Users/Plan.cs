using System.Collections.Immutable;

namespace OrleansNotify.Users;

/// <summary>Makes the plan: the ordered channels that a message will try.</summary>
internal static class Plan
{
    /// <summary>The channels that count and have not been given up, in order; where none counts at all, the first obstacle that holds.</summary>
    public static (ImmutableArray<Channel> Channels, string? Obstacle) Make(Message message, Situation at)
    {
        var candidates = Candidates(message, at).ToList();
        var counting = candidates.Where(candidate => candidate.Obstacle is null).Select(candidate => candidate.Channel).ToList();
        if (counting.Count == 0) return ([], candidates.Select(candidate => candidate.Obstacle).MinBy(Rank) ?? Reasons.ChannelDisabled);
        var first = message.Fallback || message.Requested is not null ? counting : counting.Take(1);
        return ([.. first.Where(channel => !message.TallyOf(channel).GivenUp)], null);
    }

    /// <summary>The channels that the request and the user's order name, in the order in which they would be tried, and why each does not count.</summary>
    public static IEnumerable<(Channel Channel, string? Obstacle)> Candidates(Message message, Situation at)
    {
        var order = at.Profile.Preferences.FallbackOrder;
        IEnumerable<Channel> named = message.Requested switch
        {
            { } requested when !message.Fallback => [requested],
            { } requested => order.Prepend(requested).Distinct(),
            null => order,
        };
        return named.Select(channel => (channel, ObstacleOf(channel, at)));
    }

    private static string? ObstacleOf(Channel channel, Situation at)
    {
        if (!at.Profile.Preferences.Channels.IsOn(channel)) return Reasons.ChannelDisabled;
        if (!HasAddress(channel, at.Profile)) return Reasons.NoAddress;
        return at.Configured.Contains(channel) && (at.Template?.Has(channel) ?? true) ? null : Reasons.ChannelNotConfigured;
    }

    private static bool HasAddress(Channel channel, Profile profile) =>
        profile.Addresses.Has(channel) && profile.Disabled.All(disabled => disabled.Channel != channel);

    // What is nearest to a delivery says most about why there is none.
    private static int Rank(string? obstacle) => obstacle switch
    {
        Reasons.ChannelNotConfigured => 0,
        Reasons.NoAddress => 1,
        _ => 2,
    };
}
