using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansNotify.Sandbox;

/// <summary>The receivers of the sandbox.</summary>
public enum Receiver
{
    /// <summary>The SMTP server.</summary>
    Email,

    /// <summary>The Telegram Bot API.</summary>
    Telegram,

    /// <summary>The push service.</summary>
    Push,
}

/// <summary>One thing that a receiver took over.</summary>
public abstract record Delivered
{
    /// <summary>Counts up over all receivers, from 1.</summary>
    public long Number { get; init; }

    /// <summary>When its request was read whole, by the sandbox's own clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The recipient: address, chat id or subscription id.</summary>
    public required string To { get; init; }

    /// <summary>Which receiver took it.</summary>
    public abstract Receiver Receiver { get; }

    /// <summary>What a repeat of it shares with it: recipient and message, as far as its channel tells.</summary>
    public abstract string Identity { get; }
}

/// <summary>A mail as it came over the wire.</summary>
public sealed partial record DeliveredMail : Delivered
{
    private const int LongestHeaders = 16 * 1024;

    /// <inheritdoc/>
    public override Receiver Receiver => Receiver.Email;

    /// <inheritdoc/>
    public override string Identity => $"{To} {MessageId()}";

    /// <summary>The envelope's sender.</summary>
    public required string From { get; init; }

    /// <summary>The message: headers and body, dots unstuffed.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    private string MessageId()
    {
        var headers = Encoding.Latin1.GetString(Raw.Span[..Math.Min(Raw.Length, LongestHeaders)]);
        return MessageIdHeader().Match(headers).Groups[1].Value;
    }

    [GeneratedRegex(@"^message-id:\s*(<[^>\r\n]*>)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex MessageIdHeader();
}

/// <summary>A Telegram message whose text was accepted.</summary>
public sealed record DeliveredTelegram : Delivered
{
    /// <inheritdoc/>
    public override Receiver Receiver => Receiver.Telegram;

    /// <inheritdoc/>
    public override string Identity => $"{To} {Text}";

    /// <summary>The text as it was sent.</summary>
    public required string Text { get; init; }

    /// <summary>The text that a person sees.</summary>
    public required string PlainText { get; init; }

    /// <summary>The text as HTML, made from the entities.</summary>
    public required string Html { get; init; }

    /// <summary>The message id that the Bot API answered.</summary>
    public required int MessageId { get; init; }
}

/// <summary>A push, decrypted as the device would.</summary>
public sealed record DeliveredPush : Delivered
{
    /// <inheritdoc/>
    public override Receiver Receiver => Receiver.Push;

    /// <inheritdoc/>
    public override string Identity => $"{To} {Topic}";

    /// <summary>The decrypted payload.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The <c>TTL</c> header, in seconds.</summary>
    public required int Ttl { get; init; }

    /// <summary>The <c>Urgency</c> header.</summary>
    public string? Urgency { get; init; }

    /// <summary>The <c>Topic</c> header.</summary>
    public string? Topic { get; init; }
}

/// <summary>What the receivers took over, newest last; keeps the last <c>capacity</c> items and counts all.</summary>
public sealed class Inbox(TimeProvider clock, int capacity = 10_000)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Delivered> _items = [];
    private readonly List<(Func<IReadOnlyCollection<Delivered>, bool> Holds, TaskCompletionSource Source)> _waiters = [];
    private long _count;

    /// <summary>How many came in since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>What came in, counted.</summary>
    public Counters Counters { get; } = new();

    /// <summary>What is kept, oldest first.</summary>
    public ImmutableArray<Delivered> Items
    {
        get { lock (_gate) return [.. _items]; }
    }

    /// <summary>Adds one; stamps number and time.</summary>
    public void Add(Delivered item)
    {
        lock (_gate)
        {
            var stamped = item with { Number = ++_count, At = clock.GetUtcNow() };
            Counters.Add(stamped);
            _items.AddLast(stamped);
            if (_items.Count > capacity) _items.RemoveFirst();
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (!_waiters[i].Holds(_items)) continue;
                _waiters[i].Source.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }

    /// <summary>Waits until what is kept satisfies a condition; asks again at every new item.</summary>
    public async Task WaitUntil(Func<IReadOnlyCollection<Delivered>, bool> condition, CancellationToken cancellation)
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (condition(_items)) return;
            _waiters.Add((condition, source));
        }

        await source.Task.WaitAsync(cancellation);
    }

    /// <summary>Forgets what is kept.</summary>
    public void Clear()
    {
        lock (_gate) _items.Clear();
    }
}
