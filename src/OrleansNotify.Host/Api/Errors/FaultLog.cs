namespace OrleansNotify.Host.Api.Errors;

/// <summary>Says that requests fail: once a second at the most, for in an outage every one of them does.</summary>
internal sealed partial class FaultLog(TimeProvider clock, ILogger<FaultLog> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long? _said;
    private int _unsaid;

    /// <summary>A request was answered as unavailable.</summary>
    public void Say(string? what, Exception fault)
    {
        int unsaid;
        lock (_gate)
        {
            if (_said is { } said && clock.GetElapsedTime(said) < Pause)
            {
                _unsaid++;
                return;
            }

            _said = clock.GetTimestamp();
            (unsaid, _unsaid) = (_unsaid, 0);
        }

        LogFault(what, unsaid, fault);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} was answered as unavailable; so were {Unsaid} others since the last such line")]
    private partial void LogFault(string? what, int unsaid, Exception fault);
}
