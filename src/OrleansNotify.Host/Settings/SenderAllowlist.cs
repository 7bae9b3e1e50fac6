namespace OrleansNotify.Host.Settings;

/// <summary>Who may be the sender of a mail.</summary>
internal static class SenderAllowlist
{
    /// <summary>Whether an address is named itself, or by its domain; case does not matter, and a domain does not include its subdomains.</summary>
    public static bool Allows(IReadOnlyCollection<string> entries, string address) => entries.Any(entry => entry.StartsWith('@')
        ? address.EndsWith(entry, StringComparison.OrdinalIgnoreCase)
        : address.Equals(entry, StringComparison.OrdinalIgnoreCase));
}
