using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OrleansNotify.Channels.Email;

/// <summary>
/// The tokens of unsubscribe links (RFC 8058): opaque, not to be guessed or changed, and good for as long as the cluster keeps its keys.
/// </summary>
internal sealed class UnsubscribeLinks(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("unsubscribe.v1");

    /// <summary>The token by which a user switches off a template type; letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Create(string userId, string type) => _protector.Protect($"{userId} {type}");

    /// <summary>Reads a token; false if this cluster did not make it.</summary>
    public bool TryRead(string token, [NotNullWhen(true)] out string? userId, [NotNullWhen(true)] out string? type)
    {
        try
        {
            // A user id has no spaces.
            var parts = _protector.Unprotect(token).Split(' ', 2);
            (userId, type) = (parts[0], parts[1]);
            return true;
        }
        catch (CryptographicException)
        {
            (userId, type) = (null, null);
            return false;
        }
    }
}
