namespace OrleansNotify.Templates;

/// <summary>
/// Reloads a catalog when its files change. For development alone: with silos that render differently a message would depend on where it
/// runs.
/// </summary>
internal sealed class TemplateWatcher : IDisposable
{
    /// <summary>An editor writes a file in several steps; the last of them counts.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(200);

    private readonly FileSystemWatcher _files;
    private readonly ITimer _timer;

    /// <summary>Begins to watch.</summary>
    /// <param name="catalog">The catalog; it keeps its templates while the files are broken.</param>
    /// <param name="clock">Counts how long the files have been calm.</param>
    /// <param name="onProblems">Is told what is wrong with the files: mostly a <see cref="TemplateLoadException"/>.</param>
    public TemplateWatcher(TemplateCatalog catalog, TimeProvider clock, Action<Exception> onProblems)
    {
        _timer = clock.CreateTimer(_ => Reload(catalog, onProblems), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _files = new FileSystemWatcher(catalog.Directory) { IncludeSubdirectories = true };
        _files.Changed += OnChange;
        _files.Created += OnChange;
        _files.Deleted += OnChange;
        _files.Renamed += OnChange;
        _files.EnableRaisingEvents = true;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _files.Dispose();
        _timer.Dispose();
    }

    private void OnChange(object sender, FileSystemEventArgs change) => _timer.Change(Calm, Timeout.InfiniteTimeSpan);

    private static void Reload(TemplateCatalog catalog, Action<Exception> onProblems)
    {
        try
        {
            catalog.Reload();
        }
        catch (Exception broken) // Also what a file throws that goes away while it is read; a timer has nobody to throw to.
        {
            onProblems(broken);
        }
    }
}
