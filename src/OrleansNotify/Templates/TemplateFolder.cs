using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>Reads one template's folder.</summary>
internal sealed partial class TemplateFolder(string root, string name, string publicUrl, string appUrl, LoadProblems problems)
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxFileSize = 128 * 1024;

    private const string ManifestFile = "template.yaml";

    private static readonly Dictionary<string, Target> PartFiles = new(StringComparer.Ordinal)
    {
        ["email.subject.liquid"] = Target.Subject,
        ["email.html.liquid"] = Target.Html,
        ["email.text.liquid"] = Target.Text,
        ["telegram.liquid"] = Target.MarkdownV2,
        ["push.json.liquid"] = Target.Json,
    };

    private static readonly UTF8Encoding Strict = new(false, true);

    private LinkBases? _bases;

    /// <summary>The template; null if there are problems, which are then among those given.</summary>
    public MessageTemplate? Load()
    {
        var before = problems.All.Count;
        if (!TemplateName().IsMatch(name)) problems.Add(name, 1, "A template's name is 1 to 64 of a-z, 0-9 and _.");
        var manifest = ReadText(ManifestFile) is { } yaml ? new ManifestReader($"{name}/{ManifestFile}", problems).Read(name, yaml) : null;
        _bases = manifest is null ? null : new LinkBases(publicUrl, appUrl, manifest);
        CheckNames("", problem: "A template's folder holds template.yaml, parts and folders of locales alone.", ManifestFile);
        var standard = Parts("", manifest);
        var locales = new Dictionary<string, PartSet>(StringComparer.OrdinalIgnoreCase);

        // A shorter tag first, for the longer one falls back to it.
        var folders = new DirectoryInfo(Path.Combine(root, name)).EnumerateDirectories();
        foreach (var tag in folders.Select(folder => folder.Name).OrderBy(tag => tag.Length))
        {
            if (!LocaleName().IsMatch(tag))
            {
                problems.Add($"{name}/{tag}", 1, "The folder's name is no locale such as de or pt-BR.");
                continue;
            }

            CheckNames(tag, "A locale's folder holds parts alone.");
            var own = Parts($"{tag}/", manifest);
            CheckDefaults(tag, own, standard);
            if (!locales.TryAdd(tag, FallBack(own, Nearest(locales, tag) ?? standard)))
                problems.Add($"{name}/{tag}", 1, "The locale is there twice.");
        }

        CheckChannels();
        return manifest is not null && problems.All.Count == before
            ? new MessageTemplate(manifest, standard, locales.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), _bases!)
            : null;
    }

    private static PartSet? Nearest(Dictionary<string, PartSet> locales, string tag)
    {
        while (tag.LastIndexOf('-') is > 0 and var dash)
        {
            tag = tag[..dash];
            if (locales.TryGetValue(tag, out var parts)) return parts;
        }

        return null;
    }

    private static PartSet FallBack(PartSet own, PartSet other) => new()
    {
        Subject = own.Subject ?? other.Subject,
        Html = own.Html ?? other.Html,
        Text = own.Text ?? (own.Html is null ? other.Text : null),
        Telegram = own.Telegram ?? other.Telegram,
        Push = own.Push ?? other.Push,
    };

    private PartSet Parts(string folder, TemplateManifest? manifest) => new()
    {
        Subject = Part($"{folder}email.subject.liquid", manifest),
        Html = Part($"{folder}email.html.liquid", manifest),
        Text = Part($"{folder}email.text.liquid", manifest),
        Telegram = Part($"{folder}telegram.liquid", manifest),
        Push = Part($"{folder}push.json.liquid", manifest),
    };

    private TemplatePart? Part(string file, TemplateManifest? manifest) =>
        File.Exists(Path.Combine(root, name, file)) && ReadText(file) is { } source
            ? PartReader.Read($"{name}/{file}", PartFiles[Path.GetFileName(file)], source, manifest, _bases, problems)
            : null;

    private void CheckNames(string folder, string problem, params string[] others)
    {
        foreach (var file in new DirectoryInfo(Path.Combine(root, name, folder)).EnumerateFiles().Select(file => file.Name).Order())
        {
            if (!file.StartsWith('.') && !PartFiles.ContainsKey(file) && !others.Contains(file))
                problems.Add(Path.Combine(name, folder, file), 1, problem);
        }
    }

    private void CheckDefaults(string tag, PartSet own, PartSet standard)
    {
        foreach (var (part, other) in new[]
                 {
                     (own.Subject, standard.Subject), (own.Html, standard.Html), (own.Text, standard.Html),
                     (own.Telegram, standard.Telegram), (own.Push, standard.Push),
                 })
        {
            if (part is not null && other is null)
                problems.Add(part.File, 1, $"The part exists in {tag} alone; it needs a default to fall back to.");
        }
    }

    private void CheckChannels()
    {
        var folder = Path.Combine(root, name);
        var files = PartFiles.Keys.Where(file => File.Exists(Path.Combine(folder, file))).ToHashSet();
        if (files.Count == 0) problems.Add(name, 1, "The template has no part for any channel.");
        var hasMail = files.Any(file => file.StartsWith("email.", StringComparison.Ordinal));
        if (hasMail && !files.IsSupersetOf(["email.subject.liquid", "email.html.liquid"]))
            problems.Add(name, 1, "A mail has email.subject.liquid and email.html.liquid.");
    }

    private string? ReadText(string file)
    {
        var path = Path.Combine(root, name, file);
        try
        {
            if (new FileInfo(path).Length > MaxFileSize) problems.Add($"{name}/{file}", 1, $"The file is over {MaxFileSize / 1024} KiB.");
            else if (File.ReadAllText(path, Strict) is var text && text.Contains('\0')) problems.Add($"{name}/{file}", 1, "The file is not UTF-8.");
            else return text.ReplaceLineEndings("\n").TrimEnd();
        }
        catch (Exception fault) when (fault is IOException or DecoderFallbackException)
        {
            problems.Add($"{name}/{file}", 1, fault is IOException ? "The file is missing or cannot be read." : "The file is not UTF-8.");
        }

        return null;
    }

    [GeneratedRegex("^[a-z0-9_]{1,64}$")]
    private static partial Regex TemplateName();

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    private static partial Regex LocaleName();
}
