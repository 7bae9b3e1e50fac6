using System.Text;

namespace OrleansNotify.Channels.Http;

/// <summary>What a provider says, made fit for a timeline.</summary>
internal static class ProviderText
{
    /// <summary>The longest detail, in characters.</summary>
    public const int MostCharacters = 300;

    /// <summary>Takes secrets out that the provider may have echoed, replaces control characters, and cuts.</summary>
    public static string Clean(string text, params ReadOnlySpan<string> secrets)
    {
        foreach (var secret in secrets) text = text.Replace(secret, "***", StringComparison.OrdinalIgnoreCase);
        StringBuilder clean = new(Math.Min(text.Length, MostCharacters));
        foreach (var rune in text.EnumerateRunes())
        {
            var visible = Rune.IsControl(rune) ? new Rune(' ') : rune;
            if (clean.Length + visible.Utf16SequenceLength > MostCharacters) break;
            clean.Append(visible);
        }

        return clean.ToString().Trim();
    }
}
