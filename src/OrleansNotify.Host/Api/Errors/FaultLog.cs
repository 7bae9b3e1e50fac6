namespace OrleansNotify.Host.Api.Errors;

/// <summary>Says that requests fail for a fault of the cluster or its store.</summary>
internal sealed partial class FaultLog(ILogger<FaultLog> log)
{
    /// <summary>A request was answered as unavailable.</summary>
    public void Say(string? what, Exception fault) => LogFault(what, fault);

    [LoggerMessage(LogLevel.Warning, "{What} was answered as unavailable")]
    private partial void LogFault(string? what, Exception fault);
}
