using System.Globalization;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>What a process has used so far, as Linux tells it under <c>/proc</c>.</summary>
internal readonly record struct ProcessUsage(double CpuSeconds, double MemoryMiB)
{
    // sysconf(_SC_CLK_TCK) of every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessUsage Of(int process)
    {
        // The name, in brackets, may hold spaces; utime and stime are the 14th and 15th fields of the whole line (proc_pid_stat(5)).
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = Number(fields[11]) + Number(fields[12]);
        var resident = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return new ProcessUsage(ticks / TicksPerSecond, Number(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
