namespace OrleansNotify.Agenda;

/// <summary>One shard of the agenda. The key is its number, 0 to 63.</summary>
[Alias("notify.IAgendaGrain")]
internal interface IAgendaGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the shard is awake.</summary>
    [Alias("Touch")]
    Task Touch();
}
