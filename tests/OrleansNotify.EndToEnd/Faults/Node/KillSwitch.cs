using System.Diagnostics;
using System.Globalization;

namespace OrleansNotify.EndToEnd.Faults.Node;

/// <summary>Kills this process with SIGKILL when a named point is passed for the n-th time.</summary>
internal sealed class KillSwitch
{
    private readonly Lock _gate = new();
    private string? _point;
    private int _left;

    /// <summary>Takes <c>point n</c>; whatever was armed before is not any more.</summary>
    public void Arm(string text)
    {
        var parts = text.Split(' ');
        lock (_gate) (_point, _left) = (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>This point is passed.</summary>
    public void Pass(string point)
    {
        lock (_gate)
        {
            if (_point != point || --_left > 0) return;
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
