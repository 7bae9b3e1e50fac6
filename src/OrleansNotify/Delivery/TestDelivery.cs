using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Templates;
using OrleansNotify.Users;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.Delivery;

/// <summary>
/// Sends one message now, to the user's address on file, whatever the user's preferences and quiet hours, and waits for the provider.
/// It takes a permit of the channel, but the attempt is outside history: it changes neither the user nor a message.
/// </summary>
internal sealed class TestDelivery(
    IGrainFactory grains, IEnumerable<IChannelSender> senders, TemplateCatalog templates, PermitStore permits, NotifyOptions options, TimeProvider clock)
{
    /// <summary>The error where no permit came free in time.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>How long a permit is waited for, and the user's profile.</summary>
    private static readonly TimeSpan PermitPatience = TimeSpan.FromSeconds(10), StorePatience = TimeSpan.FromSeconds(4);

    // A push service may keep a test message for a device that is asleep, but not for ever.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Sends it.</summary>
    /// <exception cref="StoreUnavailableException">The user's addresses cannot be read, or a permit not be asked for.</exception>
    /// <exception cref="TimeoutException">The user's grain does not answer.</exception>
    public async Task<TestResult> Send(string userId, Channel channel, string templateName, TemplateVars vars, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        TestResult Ended(string? error, string? detail = null) =>
            new(error is null, id, (long)clock.GetElapsedTime(began).TotalMilliseconds, error, detail);

        var template = templates.Find(templateName);
        SendRequest request = new() { TemplateName = templateName, TemplateVars = vars, Channel = channel };
        var errors = RequestRules.Check(request, template, templates, clock.GetUtcNow());
        if (errors.Count > 0) return Ended("rejected") with { Errors = errors };

        var profile = await grains.GetGrain<IUserDelivery>(userId).GetProfile().WaitAsync(StorePatience, clock, cancellation);
        if (profile is null) return Ended(Reasons.UnknownUser);
        if (!profile.Addresses.Has(channel)) return Ended(Reasons.NoAddress);
        if (senders.FirstOrDefault(each => each.Channel == channel) is not { } sender) return Ended(Reasons.ChannelNotConfigured);
        if (await TakePermit(channel, cancellation) is not { } turn) return Ended(RateLimited);

        using var hardEnd = new CancellationTokenSource(sender.HardEnd, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hardEnd.Token, cancellation);
        var job = new SendJob
        {
            MessageId = id,
            UserId = userId,
            Template = template!,
            Vars = vars,
            Locale = profile.Locale,
            To = profile.Addresses,
            LifeLeft = Life,
            Turn = turn,
        };
        var outcome = await sender.Send(job, either.Token);
        return outcome.Kind switch
        {
            OutcomeKind.Sent => Ended(null, outcome.Detail),
            OutcomeKind.Withdrawn => Ended(RateLimited),
            _ => Ended(outcome.Reason, outcome.Detail),
        };
    }

    private async Task<Turn?> TakePermit(Channel channel, CancellationToken cancellation)
    {
        if (options.LimitOf(channel) is not { } limit) return Turn.Unlimited;
        for (var began = clock.GetTimestamp(); ;)
        {
            // Counted from before the permit was asked for: never longer than it is good for.
            var turn = new Turn(clock, limit.PermitLife);
            var grant = await Take(channel, limit);
            if (grant.Permits > 0) return turn;
            if (clock.GetElapsedTime(began) + grant.AskAgain > PermitPatience) return null;
            await Task.Delay(grant.AskAgain, clock, cancellation);
        }
    }

    private async Task<Grant> Take(Channel channel, RateLimit limit)
    {
        try
        {
            return await permits.Take(channel, limit, Priority.Transactional, wanted: 1);
        }
        catch (StoreFault)
        {
            throw new StoreUnavailableException();
        }
    }
}
