using System.Globalization;

namespace OrleansNotify.Tests;

/// <summary>How much input the fuzzing tests make up: a bounded amount, or with <c>tests/fuzz</c> many times that.</summary>
internal static class Fuzz
{
    private static readonly int s_times = int.Parse(Environment.GetEnvironmentVariable("NOTIFY_FUZZ") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>So many, times what the environment says.</summary>
    public static int Times(int usual) => usual * s_times;
}
