using System.Collections.Immutable;

namespace OrleansNotify;

/// <summary>
/// What must hold of a user, or of the user's preferences, for a change of it to be made: so that nobody overwrites what he has not seen.
/// Over HTTP it is <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110, sections 13.1.1 and 13.1.2).
/// </summary>
[GenerateSerializer, Immutable, Alias("notify.Precondition")]
public sealed record Precondition
{
    /// <summary>Always holds.</summary>
    public static Precondition None { get; } = new();

    /// <summary>Holds for what has one of these versions; null asks for none.</summary>
    [Id(0)]
    public ImmutableArray<long>? Among { get; init; }

    /// <summary>Holds for a known user alone.</summary>
    [Id(1)]
    public bool MustExist { get; init; }

    /// <summary>Holds for what has none of these versions; null asks for none.</summary>
    [Id(2)]
    public ImmutableArray<long>? NotAmong { get; init; }

    /// <summary>Holds for an unknown user alone.</summary>
    [Id(3)]
    public bool MustNotExist { get; init; }

    /// <summary>Holds for what has this version.</summary>
    public static Precondition Version(long version) => new() { Among = [version] };

    /// <summary>Whether the caller has said what he has seen: a version, or that there was nothing.</summary>
    public bool NamesVersion => Among is not null || MustNotExist;

    /// <summary>Whether it holds for what has this version; null stands for an unknown user.</summary>
    public bool Holds(long? version) =>
        !(MustExist && version is null)
        && !(MustNotExist && version is not null)
        && (Among is null || (version is { } among && Among.Value.Contains(among)))
        && !(NotAmong is { } others && version is { } other && others.Contains(other));
}
