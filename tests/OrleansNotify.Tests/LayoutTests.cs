using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests;

/// <summary>A file is short enough to be read at one sitting, and a folder is named after the thing that it holds.</summary>
public class LayoutTests
{
    private const int MostLines = 400;

    private static readonly string[] Tops = ["src", "tests"];
    private static readonly string[] Kinds = [".cs", ".lua", ".js", ".mjs", ".css"];
    private static readonly string[] NoThings = ["Services", "Helpers", "Managers", "Common", "Utils", "Utilities", "Misc", "Shared", "Dtos", "Models"];
    private static readonly string[] Made = ["bin", "obj", "node_modules"];

    private static IEnumerable<string> Folders => Tops.SelectMany(top => Below(Path.Combine(Repository.Root, top)));

    [Fact]
    public void No_file_is_longer_than_400_lines() => Assert.DoesNotContain(
        Folders.SelectMany(Directory.EnumerateFiles).Where(file => Kinds.Contains(Path.GetExtension(file))),
        file => File.ReadLines(file).Count() > MostLines);

    [Fact]
    public void No_folder_is_named_after_nothing() =>
        Assert.DoesNotContain(Folders, folder => NoThings.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void There_are_files_to_look_at() =>
        Assert.Contains(Folders.SelectMany(Directory.EnumerateFiles), file => file.EndsWith("LayoutTests.cs", StringComparison.Ordinal));

    private static IEnumerable<string> Below(string folder) =>
        Made.Contains(Path.GetFileName(folder)) ? [] : Directory.EnumerateDirectories(folder).SelectMany(Below).Prepend(folder);
}
