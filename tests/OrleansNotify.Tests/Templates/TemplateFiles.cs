using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>A folder of templates for one test; gone after it.</summary>
internal sealed class TemplateFiles : IDisposable
{
    public const string Manifest = """
        type: alert
        variables:
          name: { sample: Ada }
          amount: { sample: 1.50 }
          note: { required: false, sample: thanks }
          items: { required: false, sample: [one, two] }
        """;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("templates").FullName;

    /// <summary>A folder with the template <c>t</c>, which has the manifest above and these parts.</summary>
    public static TemplateFiles With(params (string File, string Text)[] parts)
    {
        var files = new TemplateFiles();
        files.Write("t/template.yaml", Manifest);
        foreach (var (file, text) in parts) files.Write($"t/{file}", text);
        return files;
    }

    /// <summary>The template <c>t</c> with these parts, loaded.</summary>
    public static MessageTemplate Template(params (string File, string Text)[] parts)
    {
        using var files = With(parts);
        return files.Load().Find("t")!;
    }

    /// <summary>What a load of the template <c>t</c> with these parts says.</summary>
    public static IReadOnlyList<string> ProblemsOf(params (string File, string Text)[] parts)
    {
        using var files = With(parts);
        return files.Problems();
    }

    public void Write(string file, string text)
    {
        var path = Path.Combine(Directory, file);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public TemplateCatalog Load() => TemplateCatalog.Load(Directory, Shipped.PublicUrl, Shipped.AppUrl);

    public IReadOnlyList<string> Problems() => Assert.Throws<TemplateLoadException>(Load).Problems;

    public void Dispose() => System.IO.Directory.Delete(Directory, true);
}
