using System.Runtime.CompilerServices;
using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>The templates that ship with the project.</summary>
internal static class Shipped
{
    public const string PublicUrl = "https://app.example";

    public static string Directory { get; } = Path.GetFullPath(Path.Combine(Here(), "../../../templates"));

    public static TemplateCatalog Catalog { get; } = TemplateCatalog.Load(Directory, PublicUrl);

    public static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
