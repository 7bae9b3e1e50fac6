namespace OrleansNotify.Sandbox;

/// <summary>What a receiver does instead of accepting.</summary>
public enum FaultKind
{
    /// <summary>Answers with <see cref="Fault.Status"/> and <see cref="Fault.Text"/>.</summary>
    Reply,

    /// <summary>Goes on as usual after <see cref="Fault.Delay"/>.</summary>
    Delay,

    /// <summary>Reads the request and never answers; the connection stays open.</summary>
    Hang,

    /// <summary>Cuts the connection before it has taken anything over.</summary>
    DropBefore,

    /// <summary>Takes the message over (it is in the inbox) and cuts the connection without an answer.</summary>
    DropAfter,
}

/// <summary>Where in an SMTP conversation a fault happens; elsewhere it has no meaning.</summary>
public enum SmtpStage
{
    /// <summary>Instead of the greeting.</summary>
    Greeting,

    /// <summary>At AUTH.</summary>
    Auth,

    /// <summary>At MAIL FROM.</summary>
    MailFrom,

    /// <summary>At RCPT TO.</summary>
    RcptTo,

    /// <summary>At DATA, before the message.</summary>
    Data,

    /// <summary>After the final dot.</summary>
    EndOfData,
}

/// <summary>One misbehaviour of a receiver.</summary>
public sealed record Fault
{
    /// <summary>What it does.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The HTTP status or SMTP code of a reply.</summary>
    public int Status { get; init; }

    /// <summary>SMTP: the text after the code. HTTP: the body; null for the body that the real service sends with this status.</summary>
    public string? Text { get; init; }

    /// <summary>A <c>Retry-After</c> (for Telegram also <c>retry_after</c>), in seconds.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Of a delay: how long.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Of an SMTP conversation: where.</summary>
    public SmtpStage Stage { get; init; } = SmtpStage.RcptTo;
}

/// <summary>The faults that the receivers are told to have. Each is used for a number of requests, first come first used.</summary>
public sealed class Faults
{
    private readonly Lock _gate = new();
    private readonly List<Rule> _rules = [];

    private sealed class Rule
    {
        public required Receiver Receiver { get; init; }
        public required Fault Fault { get; init; }
        public required string? To { get; init; }
        public required int Left { get; set; }
    }

    /// <summary>Adds a fault for the next requests, of one recipient where <paramref name="to"/> is given.</summary>
    public void Add(Receiver receiver, Fault fault, int times = 1, string? to = null)
    {
        lock (_gate) _rules.Add(new Rule { Receiver = receiver, Fault = fault, Left = times, To = to });
    }

    /// <summary>Takes every fault away.</summary>
    public void Clear()
    {
        lock (_gate) _rules.Clear();
    }

    /// <summary>Uses up the first fault that fits, if any. At the SMTP stages without a recipient, <paramref name="to"/> is null.</summary>
    public Fault? Take(Receiver receiver, string? to, SmtpStage? stage = null)
    {
        lock (_gate)
        {
            var rule = _rules.Find(r => r.Receiver == receiver
                && (r.To is null || r.To == to)
                && (stage is null || r.Fault.Stage == stage));
            if (rule is null) return null;
            if (--rule.Left <= 0) _rules.Remove(rule);
            return rule.Fault;
        }
    }
}
