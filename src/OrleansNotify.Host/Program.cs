using OrleansNotify.Host.CommandLine;
using Prometheus;

// The numbers of Orleans, Kestrel and the runtime would be ten times ours.
Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressMeters = true, SuppressEventCounters = true });
return await NotifyCommands.Run(args);
