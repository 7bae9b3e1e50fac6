using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using MimeKit;
using OrleansNotify.Channels.Push;

namespace OrleansNotify.Host.Settings;

/// <summary>Reads the push channel's settings.</summary>
internal static class PushSettings
{
    private const string PublicKey = "VAPID_PUBLIC_KEY", PrivateKey = "VAPID_PRIVATE_KEY", ClaimKey = "VAPID_CLAIM_EMAIL", OriginsKey = "PUSH_ALLOWED_ORIGINS";

    public static PushOptions? Read(SettingValues values, ImmutableArray<string> origins)
    {
        var (publicText, privateText, claim) = (values.Text(PublicKey), values.Secret(PrivateKey), values.Text(ClaimKey));
        if (publicText is null && privateText is null && claim is null) return null;

        var point = Bytes(values, PublicKey, publicText, 65, "the public key of vapid generate");
        var scalar = Bytes(values, PrivateKey, privateText, 32, "the private key of vapid generate");
        if (point is not null && point[0] != 4) values.Wrong(PublicKey, "is not an uncompressed point (it begins with B)");
        else if (point is not null && scalar is not null && !Match(publicText!, privateText!)) values.Wrong(PrivateKey, $"is not the one that belongs to {PublicKey}");
        return new PushOptions
        {
            VapidPublicKey = publicText ?? "",
            VapidPrivateKey = privateText ?? "",
            ClaimEmail = Claim(values, claim),
            AllowedOrigins = origins,
        };
    }

    private static byte[]? Bytes(SettingValues values, string key, string? text, int length, string what)
    {
        if (text is null)
        {
            values.Wrong(key, $"is missing: {what}");
            return null;
        }

        if (IsBytes(text, length)) return Base64Url.DecodeFromChars(text);
        values.Wrong(key, $"is not {length} bytes in base64url");
        return null;
    }

    /// <summary>Whether two texts are a pair of keys.</summary>
    public static bool Match(string publicKey, string privateKey)
    {
        if (!IsBytes(publicKey, 65) || !IsBytes(privateKey, 32)) return false;
        try
        {
            using var pair = new VapidKeys(publicKey, privateKey).Open();
            byte[] probe = [1];
            return pair.VerifyData(probe, pair.SignData(probe, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsBytes(string text, int length) => Base64Url.IsValid(text, out var decoded) && decoded == length;

    private static string Claim(SettingValues values, string? text)
    {
        if (text is null)
        {
            values.Wrong(ClaimKey, "is missing: whom a push service writes to about this sender, such as ops@notify.example");
            return "";
        }

        var address = text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? text["mailto:".Length..] : text;
        if (!MailboxAddress.TryParse(address, out var mailbox) || mailbox.Address != address || !address.Contains('@', StringComparison.Ordinal))
            values.Wrong(ClaimKey, $"\"{text}\" is not an email address");
        return address;
    }

    /// <summary>The push services that replace the built-in list.</summary>
    public static ImmutableArray<string> Origins(SettingValues values)
    {
        var builder = ImmutableArray.CreateBuilder<string>();
        foreach (var text in values.List(OriginsKey))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.PathAndQuery == "/")
                builder.Add(url.GetLeftPart(UriPartial.Authority));
            else
                values.Wrong(OriginsKey, $"{SettingValues.Shown(text)} is not an origin such as https://push.example");
        }

        return builder.ToImmutable();
    }
}
