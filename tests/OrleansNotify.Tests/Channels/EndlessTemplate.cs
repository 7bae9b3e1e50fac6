using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Channels;

/// <summary>A template whose parts go beyond the bounds with the right variables.</summary>
internal static class EndlessTemplate
{
    private static readonly Lazy<MessageTemplate> Loaded = new(Load);

    public static MessageTemplate Value => Loaded.Value;

    public static TemplateVars TooMany { get; } = TemplateVars.Parse($$"""{"items":[{{string.Join(',', Enumerable.Range(0, 2000))}}]}""");

    private static MessageTemplate Load()
    {
        var root = Directory.CreateTempSubdirectory("orleans-notify-endless");
        try
        {
            var folder = root.CreateSubdirectory("endless").FullName;
            File.WriteAllText(Path.Combine(folder, "template.yaml"), """
                description: For tests.
                type: note
                variables:
                  items: { required: true, sample: [1], description: What there is no end of. }

                """);
            File.WriteAllText(Path.Combine(folder, "telegram.liquid"), "{% for item in items %}{{ item }}{% endfor %}");
            File.WriteAllText(Path.Combine(folder, "push.json.liquid"), """{"title":"{% for item in items %}{{ item }}{% endfor %}","body":"b"}""");
            return TemplateCatalog.Load(root.FullName, "https://notify.example").Find("endless")!;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
