using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>The templates that ship with the project.</summary>
internal static class Shipped
{
    public const string PublicUrl = "https://notify.example";

    public const string AppUrl = "https://app.example";

    public const string UnsubscribeUrl = "https://notify.example/unsubscribe/sample";

    public static string Repository { get; } = Ancestors(AppContext.BaseDirectory).First(folder => File.Exists(Path.Combine(folder, "OrleansNotify.sln")));

    public static string Directory { get; } = Path.Combine(Repository, "templates");

    public static TemplateCatalog Catalog { get; } = TemplateCatalog.Load(Directory, PublicUrl, AppUrl);

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }
}
