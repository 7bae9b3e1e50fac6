#pragma warning disable CA1822 // skeleton
namespace OrleansNotify.Templates;

/// <summary>All templates of a silo, loaded at start.</summary>
internal sealed class TemplateCatalog
{
    /// <exception cref="TemplateLoadException">Names every broken file, with line and reason.</exception>
    public static TemplateCatalog Load(string directory) => throw new InvalidOperationException("skeleton " + directory);

    public IReadOnlyCollection<MessageTemplate> All => throw new InvalidOperationException("skeleton");

    /// <summary>Null if there is no such template.</summary>
    public MessageTemplate? Find(string name) => throw new InvalidOperationException("skeleton " + name);
}

internal sealed class TemplateLoadException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
