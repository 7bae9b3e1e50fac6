using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Cluster;

/// <summary>The shipped templates.</summary>
internal static class TestTemplates
{
    public static TemplateCatalog Catalog { get; } = TemplateCatalog.Load(Path.Combine(AppContext.BaseDirectory, "templates"), "https://notify.example");
}
