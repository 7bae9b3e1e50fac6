using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace OrleansNotify.Sandbox.Product;

/// <summary>Stands for every page of the product: where a message's link leads, and that nothing is there to be seen yet.</summary>
internal static class ProductPage
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static readonly Lazy<string> Markup = new(static () =>
    {
        using StreamReader reader = new(typeof(ProductPage).Assembly.GetManifestResourceStream("product/product.html")!);
        return reader.ReadToEnd();
    });

    /// <summary>Whether a browser asks for a page of the product, and not a program for the Bot API.</summary>
    public static bool IsFor(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) && !http.Request.Path.StartsWithSegments("/sandbox") && !http.Request.Path.Value!.StartsWith("/bot", StringComparison.Ordinal);

    public static Task Answer(HttpContext http)
    {
        var headers = http.Response.Headers;
        (headers.ContentSecurityPolicy, headers.XContentTypeOptions, headers["Referrer-Policy"]) = (Policy, "nosniff", "no-referrer");
        http.Response.ContentType = "text/html; charset=utf-8";
        var path = HtmlEncoder.Default.Encode(http.Request.GetEncodedPathAndQuery());
        return http.Response.WriteAsync(Markup.Value.Replace("{{path}}", path, StringComparison.Ordinal), Encoding.UTF8);
    }
}
