namespace OrleansNotify.Benchmarks.Receiving;

/// <summary>One message as the provider saw it: whose it was, and when it had read it.</summary>
internal sealed record Arrival(int Number, DateTimeOffset At);
