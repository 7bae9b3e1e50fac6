using System.Collections.Immutable;

namespace OrleansNotify;

/// <summary>All that is kept of a user, but for the secrets of push devices.</summary>
[GenerateSerializer, Immutable, Alias("notify.UserExport")]
public sealed record UserExport
{
    /// <summary>The user's id.</summary>
    [Id(0)]
    public required string UserId { get; init; }

    /// <summary>Addresses, locale, and what is disabled.</summary>
    [Id(1)]
    public required UserView User { get; init; }

    /// <summary>Preferences, and what the user has unsubscribed from.</summary>
    [Id(2)]
    public required Preferences Preferences { get; init; }

    /// <summary>Push devices with their endpoints. Their keys are left out: who has them could write to the device.</summary>
    [Id(3)]
    public required ImmutableArray<ExportedDevice> Devices { get; init; }

    /// <summary>Addresses that a provider said are gone, earlier ones among them.</summary>
    [Id(4)]
    public required ImmutableArray<ExportedAddress> GoneAddresses { get; init; }

    /// <summary>Messages with their variables, newest first: those that wait, the settled ones of the history, dead letters, and what was skipped.</summary>
    [Id(5)]
    public required ImmutableArray<ExportedMessage> Messages { get; init; }

    /// <summary>Idempotency keys of the last 24 h.</summary>
    [Id(6)]
    public required ImmutableArray<ExportedKey> IdempotencyKeys { get; init; }

    /// <summary>Campaigns that the user is a recipient of.</summary>
    [Id(7)]
    public required ImmutableArray<ExportedCampaign> Campaigns { get; init; }
}

/// <summary>A push device.</summary>
/// <param name="Id">The subscription's id.</param>
/// <param name="Endpoint">Where its pushes go.</param>
/// <param name="CreatedAt">When it was added.</param>
[GenerateSerializer, Immutable, Alias("notify.ExportedDevice")]
public sealed record ExportedDevice([property: Id(0)] string Id, [property: Id(1)] string Endpoint, [property: Id(2)] DateTimeOffset CreatedAt);

/// <summary>An address that is gone.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Address">The address.</param>
/// <param name="Reason">What the provider said.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("notify.ExportedAddress")]
public sealed record ExportedAddress(
    [property: Id(0)] Channel Channel, [property: Id(1)] string Address, [property: Id(2)] string Reason, [property: Id(3)] DateTimeOffset At);

/// <summary>A message.</summary>
/// <param name="Message">The message with its timeline.</param>
/// <param name="TemplateVars">Its variables.</param>
[GenerateSerializer, Immutable, Alias("notify.ExportedMessage")]
public sealed record ExportedMessage([property: Id(0)] MessageView Message, [property: Id(1)] TemplateVars TemplateVars);

/// <summary>An idempotency key.</summary>
/// <param name="Key">The key.</param>
/// <param name="MessageId">The message that it made.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("notify.ExportedKey")]
public sealed record ExportedKey([property: Id(0)] string Key, [property: Id(1)] Guid MessageId, [property: Id(2)] DateTimeOffset At);

/// <summary>A campaign that the user is a recipient of.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="State">Where the user stands in it.</param>
/// <param name="TemplateVars">The variables that its message is still to be made with; null where none is.</param>
[GenerateSerializer, Immutable, Alias("notify.ExportedCampaign")]
public sealed record ExportedCampaign([property: Id(0)] Guid CampaignId, [property: Id(1)] string State, [property: Id(2)] TemplateVars? TemplateVars);
