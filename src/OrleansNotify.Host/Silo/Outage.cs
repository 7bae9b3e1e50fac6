using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Storage;

namespace OrleansNotify.Host.Silo;

/// <summary>Faults that are to be expected now and then: the store, or a silo of the cluster, did not answer.</summary>
internal static class Outage
{
    /// <summary>Whether a fault is one of these.</summary>
    public static bool Is(Exception fault) => fault is StoreFault || StoreFaults.Is(fault) || StoreFault.IsOne(fault);
}
