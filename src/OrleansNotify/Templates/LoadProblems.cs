namespace OrleansNotify.Templates;

/// <summary>What is wrong with the templates' files, collected so that one start shows all of it.</summary>
internal sealed class LoadProblems
{
    private readonly List<string> _all = [];

    /// <summary>Every problem: file, line and reason.</summary>
    public IReadOnlyList<string> All => _all;

    public void Add(string file, int line, string reason) => _all.Add($"{file}:{line}: {reason}");
}
