using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Store;

namespace OrleansNotify.Tests.Host.Store;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_second_host_on_the_same_folder_does_not_start()
    {
        var path = _temp.File("data");
        using (DataFolder.Open(path))
        {
            var problem = Assert.Single(Assert.Throws<SettingsException>(() => DataFolder.Open(path)).Problems);
            Assert.StartsWith("NOTIFY_DATA_DIR: another host is running on " + path, problem, StringComparison.Ordinal);
        }

        DataFolder.Open(path).Dispose();
    }

    [Fact]
    public void The_folder_and_what_is_written_into_it_are_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix modes");
        var path = _temp.File("data");
        using var folder = DataFolder.Open(path);
        DataFolder.WriteWhole(Path.Combine(path, "secret"), "one");
        DataFolder.WriteWhole(Path.Combine(path, "secret"), "two");

#pragma warning disable CA1416
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(path, "secret")));
#pragma warning restore CA1416
        Assert.Equal("two", File.ReadAllText(Path.Combine(path, "secret")));
    }

    [Fact]
    public void A_file_in_the_folders_place_is_told_by_the_settings_name()
    {
        File.WriteAllText(_temp.File("data"), "");

        var problem = Assert.Single(Assert.Throws<SettingsException>(() => DataFolder.Open(_temp.File("data"))).Problems);

        Assert.StartsWith("NOTIFY_DATA_DIR: ", problem, StringComparison.Ordinal);
    }
}
