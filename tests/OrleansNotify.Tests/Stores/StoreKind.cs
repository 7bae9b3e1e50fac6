namespace OrleansNotify.Tests.Stores;

/// <summary>The two stores that everything has to hold on.</summary>
public enum StoreKind
{
    /// <summary>Garnet, inside this process, with the settings of the host's own store.</summary>
    Embedded,

    /// <summary>A <c>redis-server</c> child process with its append-only file.</summary>
    Redis,
}
