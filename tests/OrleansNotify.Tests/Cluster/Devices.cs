using System.Buffers.Text;
using OrleansNotify.Channels.Push;

namespace OrleansNotify.Tests.Cluster;

/// <summary>Push devices of users.</summary>
internal static class Devices
{
    /// <summary>A browser's subscription at an endpoint.</summary>
    public static PushSubscription At(string endpoint) => new()
    {
        Endpoint = endpoint,
        Keys = new PushKeys { P256dh = VapidKeys.Generate().PublicKey, Auth = Base64Url.EncodeToString(new byte[16]) },
    };

    /// <summary>Gives a user a device.</summary>
    public static async Task<string> AddDevice(this NotifyCluster cluster, string user, string endpoint)
    {
        var added = await cluster.User(user).AddPushSubscription(At(endpoint));
        Assert.Empty(added.Errors);
        return added.Id!;
    }
}
