using DotLiquid;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>Where a template's links may lead: the cluster, the product, and the sites that the manifest's samples name.</summary>
internal sealed class LinkBases
{
    private readonly string _publicUrl;
    private readonly string _appUrl;
    private readonly string[] _origins;

    /// <param name="publicUrl">What the cluster serves: <c>public_url</c>. No trailing slash.</param>
    /// <param name="appUrl">The product's own pages: <c>app_url</c>. No trailing slash.</param>
    /// <param name="manifest">The template's manifest.</param>
    public LinkBases(string publicUrl, string appUrl, TemplateManifest manifest)
    {
        (_publicUrl, _appUrl) = (publicUrl, appUrl);
        List<string> addresses = [publicUrl, appUrl];
        TemplateModel.Map(TemplateModel.Build(manifest, manifest.SampleVars), sample =>
        {
            if (sample is string text) addresses.Add(text);
            return sample;
        });
        _origins = [.. addresses.Select(OriginOf).OfType<string>().Distinct()];
    }

    /// <summary>A link to unsubscribe for a mail that is not sent.</summary>
    public string SampleUnsubscribeUrl => $"{_publicUrl}/unsubscribe/sample";

    /// <summary>The variables of ours.</summary>
    public Hash Variables(string? unsubscribeUrl) =>
        new() { ["public_url"] = _publicUrl, ["app_url"] = _appUrl, ["unsubscribe_url"] = unsubscribeUrl };

    /// <summary>Whether an address, escaped for a target, leads to one of them.</summary>
    public bool Leads(string address, Target target) => _origins.Select(origin => Escaping.Escape(origin, target)).Any(origin =>
        address.StartsWith(origin, StringComparison.Ordinal) && (address.Length == origin.Length || address[origin.Length] is '/' or '?' or '#'));

    private static string? OriginOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : null;
}
