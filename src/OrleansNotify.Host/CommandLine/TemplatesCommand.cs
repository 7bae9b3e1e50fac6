using System.CommandLine;
using System.Globalization;
using OrleansNotify.Host.Settings;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.CommandLine;

/// <summary><c>templates check</c>: what a start of the host would find, without a host.</summary>
internal static class TemplatesCommand
{
    public static Command Make()
    {
        Argument<DirectoryInfo?> folder = new("dir")
        {
            Description = "The folder that holds a folder for each template; NOTIFY_TEMPLATES_DIR or the shipped ones if it is left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command check = new("check", "Loads every template, tries it with its samples, and says what is wrong: file, line and reason.") { folder };
        check.SetAction(parsed => Check(parsed.GetValue(folder)?.FullName));
        return new Command("templates", "Works on message templates.") { check };
    }

    private static int Check(string? folder)
    {
        folder ??= SettingsReader.TemplatesDirectory(new SettingValues(NotifyHost.NewBuilder().Configuration));
        var catalog = TemplateCatalog.Load(folder, "https://notify.example", "https://app.example");
        foreach (var template in catalog.All.OrderBy(template => template.Manifest.Name, StringComparer.Ordinal))
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {template.Manifest.Name,-28}{string.Join(", ", PartsOf(template))}"));
        Console.Out.WriteLine($"{catalog.All.Count} templates in {folder}, all well.");
        return 0;
    }

    private static IEnumerable<string> PartsOf(MessageTemplate template) =>
        Enum.GetValues<Channel>().Where(template.Has).Select(channel => channel.ToString().ToLowerInvariant())
            .Concat(template.Locales.Order(StringComparer.Ordinal).Select(locale => $"[{locale}]"));
}
