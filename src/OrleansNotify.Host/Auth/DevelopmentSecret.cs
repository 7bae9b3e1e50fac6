using System.Security.Cryptography;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Store;

namespace OrleansNotify.Host.Auth;

/// <summary>The secret that signs tokens in Development where none is set: made once and kept in the data folder.</summary>
internal static class DevelopmentSecret
{
    /// <summary>The secret of a data folder; what the host and the command that mints tokens agree on.</summary>
    public static JwtSettings In(string dataDirectory) => new() { Secrets = [LoadOrMake(dataDirectory)] };

    private static string LoadOrMake(string folder)
    {
        var path = Path.Combine(folder, "jwt-secret");
        if (File.Exists(path)) return File.ReadAllText(path);
        DataFolder.Make(folder);
        var secret = RandomNumberGenerator.GetHexString(2 * TokenSettings.SecretBytes, lowercase: true);
        DataFolder.WriteWhole(path, secret);
        return secret;
    }
}
