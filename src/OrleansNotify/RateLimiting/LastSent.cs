using System.Collections.Immutable;

namespace OrleansNotify.RateLimiting;

/// <summary>When a provider last took something over a channel, for the two last different people: of any one of them, when for somebody else.</summary>
internal sealed class LastSent
{
    private readonly Lock _gate = new();
    private (string User, DateTimeOffset At)? _last, _other;

    /// <summary>Notes a success, which may be older than one that is known.</summary>
    public void Note(string user, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_last?.User == user)
            {
                if (at > _last.Value.At) _last = (user, at);
            }
            else if (!(at <= _last?.At))
            {
                (_other, _last) = (_last, (user, at));
            }
            else if (!(at <= _other?.At))
            {
                _other = (user, at);
            }
        }
    }

    /// <summary>Whether something was taken for somebody else than this user since a time.</summary>
    public bool ToOthersSince(string user, DateTimeOffset since)
    {
        lock (_gate) return (_last?.User != user ? _last : _other)?.At >= since;
    }

    /// <summary>What is known, to be told to another silo.</summary>
    public ImmutableArray<SentTo> Known
    {
        get
        {
            lock (_gate) return [.. new[] { _last, _other }.OfType<(string User, DateTimeOffset At)>().Select(sent => new SentTo(sent.User, sent.At))];
        }
    }

    /// <summary>Takes over what another silo knows; one of an older version says nothing.</summary>
    public void Note(ImmutableArray<SentTo> known)
    {
        if (known.IsDefault) return;
        foreach (var sent in known) Note(sent.User, sent.At);
    }
}

/// <summary>A person for whom a provider took something, and when by the store's clock, which all silos carry.</summary>
[GenerateSerializer, Immutable, Alias("notify.SentTo")]
internal sealed record SentTo([property: Id(0)] string User, [property: Id(1)] DateTimeOffset At);
