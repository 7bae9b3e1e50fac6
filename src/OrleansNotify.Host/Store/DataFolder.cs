using OrleansNotify.Host.Settings;

namespace OrleansNotify.Host.Store;

/// <summary>The data folder, locked for as long as this lives: the embedded store would let a second host write into it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes the folder if need be, for its owner alone, and locks it. The system lets go of the lock when the process dies.</summary>
    /// <exception cref="SettingsException">Another host has it, or it cannot be written to.</exception>
    public static DataFolder Open(string path)
    {
        Make(path);
        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            return new DataFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new SettingsException([$"NOTIFY_DATA_DIR: {fault.Message}"]);
        }
        catch (IOException)
        {
            throw new SettingsException([$"NOTIFY_DATA_DIR: another host is running on {path}; one embedded store takes one silo, several want REDIS_CONNECTION"]);
        }
    }

    /// <summary>Makes the folder if need be, for its owner alone.</summary>
    /// <exception cref="SettingsException">It cannot be made.</exception>
    public static void Make(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"NOTIFY_DATA_DIR: the folder {path} cannot be made: {fault.Message}"]);
        }
    }

    /// <summary>Writes a small file for its owner alone, whole or not at all.</summary>
    public static void WriteWhole(string path, string text)
    {
        var draft = path + ".new";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (FileStream file = new(draft, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();
}
