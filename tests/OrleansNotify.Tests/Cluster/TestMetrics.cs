using OrleansNotify.Metrics;

namespace OrleansNotify.Tests.Cluster;

internal static class TestMetrics
{
    /// <summary>Metrics that no other test sees.</summary>
    public static NotifyMetrics New() => new(Prometheus.Metrics.NewCustomRegistry());
}
