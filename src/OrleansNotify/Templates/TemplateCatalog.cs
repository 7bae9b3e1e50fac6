using System.Collections.Frozen;

namespace OrleansNotify.Templates;

/// <summary>All templates of a silo, loaded at start. Reads are lock-free; <see cref="Reload"/> swaps the whole set at once.</summary>
internal sealed class TemplateCatalog
{
    private readonly string _publicUrl, _appUrl;
    private Snapshot _templates;

    private TemplateCatalog(string directory, string publicUrl, string appUrl)
    {
        Directory = directory;
        (_publicUrl, _appUrl) = (publicUrl, appUrl);
        _templates = Read();
    }

    /// <summary>The folder that holds a folder for each template.</summary>
    public string Directory { get; }

    /// <summary>By name.</summary>
    public IReadOnlyCollection<MessageTemplate> All => Volatile.Read(ref _templates).All;

    /// <summary>Reads and checks every template.</summary>
    /// <param name="directory">The folder that holds a folder for each template.</param>
    /// <param name="publicUrl">Where people reach the cluster, without a trailing slash: <c>public_url</c> in templates.</param>
    /// <param name="appUrl">Where the product's own pages are, without a trailing slash: <c>app_url</c>. Null: where the cluster is.</param>
    /// <exception cref="TemplateLoadException">Names every broken file, with line and reason.</exception>
    public static TemplateCatalog Load(string directory, string publicUrl, string? appUrl = null) => new(directory, publicUrl, appUrl ?? publicUrl);

    /// <summary>Null if there is no such template. The name may be anything that a caller sent.</summary>
    public MessageTemplate? Find(string? name) => Volatile.Read(ref _templates).ByName.GetValueOrDefault(name ?? "");

    /// <summary>Reads every template anew; keeps the old ones if one is broken.</summary>
    /// <exception cref="TemplateLoadException">Names every broken file, with line and reason.</exception>
    public void Reload() => Volatile.Write(ref _templates, Read());

    private Snapshot Read()
    {
        var problems = new LoadProblems();
        var folder = new DirectoryInfo(Directory);
        var names = folder.Exists
            ? folder.EnumerateDirectories().Select(template => template.Name).Where(name => !name.StartsWith('.')).Order().ToList()
            : [];
        if (names.Count == 0) problems.Add(Directory, 1, "There are no templates in this folder.");
        var templates = names.Select(name => new TemplateFolder(Directory, name, _publicUrl, _appUrl, problems).Load()).ToArray();
        return problems.All.Count == 0 ? new Snapshot(templates!) : throw new TemplateLoadException(problems.All);
    }

    private sealed class Snapshot(MessageTemplate[] all)
    {
        public IReadOnlyCollection<MessageTemplate> All { get; } = all;

        public FrozenDictionary<string, MessageTemplate> ByName { get; } =
            all.ToFrozenDictionary(template => template.Manifest.Name, StringComparer.Ordinal);
    }
}

internal sealed class TemplateLoadException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
