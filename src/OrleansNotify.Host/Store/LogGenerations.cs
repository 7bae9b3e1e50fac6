using System.Globalization;
using OrleansNotify.Host.Settings;

namespace OrleansNotify.Host.Store;

/// <summary>
/// The folders of the embedded store's append-only log, one for each compaction. The file <c>current</c> names the one that counts; it is
/// replaced in one step, so whenever the process dies the store is either the old one or the new one, whole.
/// </summary>
internal sealed class LogGenerations
{
    // Below this a longer log costs less at a start than the copy.
    private const long WorthIt = 64 * 1024 * 1024;

    private readonly string _root;

    private LogGenerations(string root, int current, long sizeWhenNew) => (_root, Current, SizeWhenNew) = (root, current, sizeWhenNew);

    /// <summary>The generation that counts.</summary>
    public int Current { get; private set; }

    /// <summary>How large its log was when the last compaction had made it, in bytes.</summary>
    public long SizeWhenNew { get; private set; }

    /// <summary>Whether a compaction would win something: the log is long, and twice as long as the last compaction left it.</summary>
    public bool IsCompactionDue => SizeOf(Current) is var size && size >= WorthIt && size >= 2 * SizeWhenNew;

    private string Pointer => Path.Combine(_root, "current");

    /// <summary>Opens the folders, and takes away what a compaction that did not come to its end has left.</summary>
    /// <exception cref="SettingsException">The folder was damaged from outside: nothing is taken away.</exception>
    public static LogGenerations Open(string root)
    {
        Directory.CreateDirectory(root);
        var pointer = Path.Combine(root, "current");
        var parts = File.Exists(pointer) ? File.ReadAllText(pointer).Split(' ') : ["1", "0"];
        if (parts.Length != 2 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var current)
            || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var size))
            throw new SettingsException([$"NOTIFY_DATA_DIR: the file {pointer} is damaged"]);
        LogGenerations generations = new(root, current, size);
        var others = Directory.EnumerateDirectories(root).Where(folder => folder != generations.Folder(current)).ToArray();
        if (others.Length > 0 && !Directory.Exists(generations.Folder(current)))
            throw new SettingsException([$"NOTIFY_DATA_DIR: the folder {generations.Folder(current)} is missing"]);
        foreach (var folder in others) Directory.Delete(folder, recursive: true);
        return generations;
    }

    /// <summary>The folder of a generation.</summary>
    public string Folder(int generation) => Path.Combine(_root, generation.ToString("D6", CultureInfo.InvariantCulture));

    /// <summary>Makes the next generation, which is proved to hold everything, the one that counts. The old one's folder is left to the caller.</summary>
    public void Advance()
    {
        var size = SizeOf(Current + 1);
        DataFolder.WriteWhole(Pointer, string.Create(CultureInfo.InvariantCulture, $"{Current + 1} {size}"));
        (Current, SizeWhenNew) = (Current + 1, size);
    }

    /// <summary>Takes a generation's folder away.</summary>
    public void Drop(int generation)
    {
        if (Directory.Exists(Folder(generation))) Directory.Delete(Folder(generation), recursive: true);
    }

    private long SizeOf(int generation) => new DirectoryInfo(Folder(generation)) is { Exists: true } folder
        ? folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : 0;
}
