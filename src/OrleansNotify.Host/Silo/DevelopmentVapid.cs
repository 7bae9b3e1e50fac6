using OrleansNotify.Channels.Push;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Store;

namespace OrleansNotify.Host.Silo;

/// <summary>The VAPID keys of Development where none are set: made once and kept in the data folder, so that browsers stay subscribed.</summary>
internal static class DevelopmentVapid
{
    /// <summary>The keys of a data folder.</summary>
    /// <exception cref="SettingsException">The file in which they are kept holds no pair, or the folder cannot be written to.</exception>
    public static VapidKeys In(string folder)
    {
        var path = Path.Combine(folder, "vapid-keys");
        if (!File.Exists(path)) return Make(folder, path);
        var lines = File.ReadAllLines(path);
        if (lines.Length != 2 || !PushSettings.Match(lines[0], lines[1]))
            throw new SettingsException([$"NOTIFY_DATA_DIR: {path} holds no pair of VAPID keys; take it away, and new ones are made"]);
        return new VapidKeys(lines[0], lines[1]);
    }

    private static VapidKeys Make(string folder, string path)
    {
        var keys = VapidKeys.Generate();
        DataFolder.Make(folder);
        DataFolder.WriteWhole(path, $"{keys.PublicKey}\n{keys.PrivateKey}\n");
        return keys;
    }
}
