namespace OrleansNotify.Users;

/// <summary>What the cluster itself asks of a user's grain; not for clients.</summary>
[Alias("notify.IUserDelivery")]
internal interface IUserDelivery : IGrainWithStringKey
{
    /// <summary>What is stored of the user; null for an unknown user.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    [Alias("GetProfile")]
    Task<Profile?> GetProfile();
}
