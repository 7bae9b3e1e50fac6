namespace OrleansNotify.DeadLetters;

/// <summary>A job that redrives the letters of a filter. The key is its id.</summary>
[Alias("notify.IRedriveGrain")]
internal interface IRedriveGrain : IGrainWithGuidKey
{
    /// <summary>Begins. Answered once the job is stored.</summary>
    [Alias("Start")]
    Task<RedriveView> Start(DeadLetterFilter filter, string by);

    /// <summary>The agenda says that it is time to go on.</summary>
    [Alias("Wake")]
    Task Wake();

    /// <summary>How far it is; null if it was never started.</summary>
    [Alias("Get")]
    Task<RedriveView?> Get();
}
