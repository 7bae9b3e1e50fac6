namespace OrleansNotify.Users;

/// <summary>
/// An address that a provider said is gone. It is remembered also where another has replaced it, so that changing it away and back enables
/// nothing.
/// </summary>
[GenerateSerializer, Immutable, Alias("notify.GoneAddress")]
internal sealed record GoneAddress
{
    [Id(0)]
    public required Channel Channel { get; init; }

    [Id(1)]
    public required string Address { get; init; }

    [Id(2)]
    public required string Reason { get; init; }

    [Id(3)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether this is that address. A host's letters have no case, and hardly any host tells mailboxes apart by it.</summary>
    public bool Is(Channel channel, string? address) => Channel == channel && string.Equals(Address, address, StringComparison.OrdinalIgnoreCase);

    /// <summary>Says nothing of the address, so that no log carries it.</summary>
    public override string ToString() => nameof(GoneAddress);
}
