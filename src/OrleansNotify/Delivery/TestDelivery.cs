using OrleansNotify.Templates;
using OrleansNotify.Users;

namespace OrleansNotify.Delivery;

/// <summary>
/// Sends one message now, to the user's address on file, whatever the user's preferences and quiet hours, and waits for the provider.
/// The attempt is outside history: it changes neither the user nor a message.
/// </summary>
internal sealed class TestDelivery(IGrainFactory grains, IEnumerable<IChannelSender> senders, TemplateCatalog templates, TimeProvider clock)
{
    // A push service may keep a test message for a device that is asleep, but not for ever.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Sends it.</summary>
    /// <exception cref="StoreUnavailableException">The user's addresses cannot be read.</exception>
    public async Task<TestResult> Send(string userId, Channel channel, string templateName, TemplateVars vars, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        TestResult Failed(string error, IReadOnlyDictionary<string, string[]>? errors = null) =>
            new(false, id, (long)clock.GetElapsedTime(began).TotalMilliseconds, error) { Errors = errors };

        var template = templates.Find(templateName);
        var errors = Validate(template, channel, vars);
        if (errors.Count > 0) return Failed("rejected", errors);

        var profile = await grains.GetGrain<IUserDelivery>(userId).GetProfile();
        if (profile is null) return Failed(Reasons.UnknownUser);
        if (!HasAddress(profile.Addresses, channel)) return Failed(Reasons.NoAddress);
        var sender = senders.FirstOrDefault(each => each.Channel == channel);
        if (sender is null) return Failed(Reasons.ChannelNotConfigured);

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
        };
        var outcome = await sender.Send(job, either.Token);
        var sent = outcome.Kind == OutcomeKind.Sent;
        return new(sent, id, (long)clock.GetElapsedTime(began).TotalMilliseconds, sent ? null : outcome.Reason, outcome.Detail);
    }

    private static IReadOnlyDictionary<string, string[]> Validate(MessageTemplate? template, Channel channel, TemplateVars vars)
    {
        if (template is null) return new Dictionary<string, string[]> { ["template_name"] = ["There is no such template."] };
        if (!template.Has(channel)) return new Dictionary<string, string[]> { ["channel"] = ["The template has no part for this channel."] };
        return template.Validate(vars);
    }

    private static bool HasAddress(Addresses to, Channel channel) => channel switch
    {
        Channel.Push => !to.Devices.IsEmpty,
        Channel.Telegram => to.TelegramChatId is not null,
        _ => to.Email is not null,
    };
}
