namespace OrleansNotify.Benchmarks.Load;

/// <summary>Latencies in milliseconds, rounded to a hundredth.</summary>
internal sealed record Percentiles(double P50, double P90, double P99, double Max)
{
    public static Percentiles? Of(IEnumerable<TimeSpan> samples)
    {
        double[] sorted = [.. samples.Select(sample => sample.TotalMilliseconds).Order()];
        if (sorted.Length == 0) return null;
        return new Percentiles(At(0.50), At(0.90), At(0.99), Math.Round(sorted[^1], 2));

        // The nearest rank.
        double At(double share) => Math.Round(sorted[(int)Math.Ceiling(share * sorted.Length) - 1], 2);
    }
}
