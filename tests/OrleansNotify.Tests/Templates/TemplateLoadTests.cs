using System.Text;
using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

public sealed class TemplateLoadTests
{
    [Fact]
    public void One_start_shows_every_problem_of_every_template()
    {
        using var files = new TemplateFiles();
        files.Write("a/telegram.liquid", "{{ x");
        files.Write("b/template.yaml", "typ: alert");
        files.Write("b/telegram.liquid", "{{ anything }}\n{% if %}x{% endif %}");
        files.Write("b/push.json.liquid", """{"title":"fine"}""");
        files.Write("c/template.yaml", "type: alert");
        files.Write("c/push.json.liquid", "{\"title\": \"a\"}\n{{ y }}");
        files.Write("README.md", "not a template");
        files.Write(".git/x", "");

        Assert.Equal(
            [
                "a/template.yaml:1: The file is missing or cannot be read.",
                "a/telegram.liquid:1: The braces have no end.",
                "b/template.yaml:1: Unknown key typ; known are type, description, position_failure, urgent, unsubscribable, variables.",
                "b/template.yaml:1: The type is 1 to 32 of a-z, 0-9 and _, beginning with a letter.",
                "b/telegram.liquid:2: Syntax Error in 'if' tag - Valid syntax: if [expression]",
                "c/push.json.liquid:2: The variable y is not declared in the manifest.",
            ],
            files.Problems());
        Assert.Contains("c/push.json.liquid:2", Assert.Throws<TemplateLoadException>(files.Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_templates_is_a_problem()
    {
        using var files = new TemplateFiles();

        Assert.Equal([$"{files.Directory}:1: There are no templates in this folder."], files.Problems());
        Assert.Throws<TemplateLoadException>(() => TemplateCatalog.Load(Path.Combine(files.Directory, "none"), Shipped.PublicUrl));
    }

    [Theory]
    [InlineData("x {{ app_url }}", true)]
    [InlineData("x{% if app_url %}y{% endif %}", true)]
    [InlineData("x {{ public_url }} app\\_url {{ 'app_url' }}", false)]
    public void A_template_says_whether_it_leads_to_the_product(string source, bool uses)
    {
        using var files = TemplateFiles.With(("telegram.liquid", "x"), ("de/telegram.liquid", source));

        Assert.Equal(uses, files.Load().Find("t")!.UsesAppUrl);
    }

    [Fact]
    public void A_variable_that_a_manifest_already_calls_app_url_stays_the_callers()
    {
        using var files = new TemplateFiles();
        files.Write("t/template.yaml", "type: alert\nvariables:\n  app_url: { sample: \"https://old.example/x\" }");
        files.Write("t/telegram.liquid", "x [y]({{ app_url }})");
        var template = files.Load().Find("t")!;

        Assert.False(template.UsesAppUrl);
        Assert.Equal("x [y](https://old\\.example/z)", template.RenderTelegram(TemplateVars.Parse("""{"app_url":"https://old.example/z"}"""), "en"));
    }

    [Fact]
    public void Without_an_address_of_the_product_the_clusters_stands_for_it()
    {
        using var files = TemplateFiles.With(("telegram.liquid", "x {{ app_url }}"));

        Assert.Equal("x https://notify\\.example", TemplateCatalog.Load(files.Directory, Shipped.PublicUrl).Find("t")!.RenderTelegram(TemplateVars.Empty, "en"));
    }

    [Fact]
    public void A_catalog_finds_by_exact_name_and_lists_by_name()
    {
        using var files = TemplateFiles.With(("telegram.liquid", "x"));
        files.Write("a_2/template.yaml", "type: alert");
        files.Write("a_2/telegram.liquid", "y");
        var catalog = files.Load();

        Assert.Equal("t", catalog.Find("t")!.Manifest.Name);
        Assert.Null(catalog.Find("T"));
        Assert.Equal(["a_2", "t"], catalog.All.Select(template => template.Manifest.Name));
        Assert.Equal(files.Directory, catalog.Directory);
    }

    [Fact]
    public void A_reload_takes_all_or_nothing()
    {
        using var files = TemplateFiles.With(("telegram.liquid", "one"));
        var catalog = files.Load();

        files.Write("t/telegram.liquid", "*two");
        Assert.Throws<TemplateLoadException>(catalog.Reload);
        Assert.Equal("one", catalog.Find("t")!.RenderTelegram(TemplateVars.Empty, "en"));
        files.Write("t/telegram.liquid", "three");
        catalog.Reload();
        Assert.Equal("three", catalog.Find("t")!.RenderTelegram(TemplateVars.Empty, "en"));
    }

    [Theory]
    [InlineData("A-b")]
    [InlineData("name with spaces")]
    public void A_name_is_lower_case(string name)
    {
        using var files = new TemplateFiles();
        files.Write($"{name}/template.yaml", "type: alert");
        files.Write($"{name}/telegram.liquid", "x");

        Assert.Equal([$"{name}:1: A template's name is 1 to 64 of a-z, 0-9 and _."], files.Problems());
    }

    [Theory]
    [InlineData("telegarm.liquid", "t/telegarm.liquid:1: A template's folder holds template.yaml, parts and folders of locales alone.")]
    [InlineData("de/template.yaml", "t/de/template.yaml:1: A locale's folder holds parts alone.")]
    [InlineData("images/telegram.liquid", "t/images:1: The folder's name is no locale such as de or pt-BR.")]
    [InlineData("de/push.json.liquid", "t/de/push.json.liquid:1: The part exists in de alone; it needs a default to fall back to.")]
    [InlineData("email.html.liquid", "t:1: A mail has email.subject.liquid and email.html.liquid.")]
    [InlineData("email.text.liquid", "t:1: A mail has email.subject.liquid and email.html.liquid.")]
    public void A_folder_holds_what_it_should(string file, string problem) =>
        Assert.Equal([problem], TemplateFiles.ProblemsOf(("telegram.liquid", "x"), (file, """{"title":"x"}""")));

    [Fact]
    public void Hidden_files_are_not_looked_at() => Assert.NotNull(TemplateFiles.Template(("telegram.liquid", "x"), (".telegram.liquid.swp", "{{")));

    [Fact]
    public void A_template_without_parts_is_a_problem() => Assert.Equal(["t:1: The template has no part for any channel."], TemplateFiles.ProblemsOf());

    [Fact]
    public void A_locale_is_there_once() => Assert.Equal(
        ["t/pt-br:1: The locale is there twice."],
        TemplateFiles.ProblemsOf(("telegram.liquid", "x"), ("pt-BR/telegram.liquid", "y"), ("pt-br/telegram.liquid", "z")).Select(problem => problem.Replace("pt-BR", "pt-br", StringComparison.Ordinal)));

    [Fact]
    public void A_file_is_UTF_8_of_at_most_128_KiB()
    {
        using var files = TemplateFiles.With(("telegram.liquid", new string('x', TemplateFolder.MaxFileSize + 1)));
        File.WriteAllBytes(Path.Combine(files.Directory, "t/push.json.liquid"), Encoding.Latin1.GetBytes("{\"title\":\"é\"}"));

        Assert.Equal(["t/telegram.liquid:1: The file is over 128 KiB.", "t/push.json.liquid:1: The file is not UTF-8."], files.Problems());
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_a_text_and_UTF_16_without_one_is_not_UTF_8()
    {
        using var files = TemplateFiles.With(("telegram.liquid", "\ufeffHello {{ name }}"));
        files.Write("t/template.yaml", "\ufeff" + TemplateFiles.Manifest.ReplaceLineEndings("\r\n"));
        Assert.Equal("Hello Ada", files.Load().Find("t")!.RenderTelegram(TemplateVars.Parse("""{"name":"Ada","amount":1}"""), "en"));

        File.WriteAllBytes(Path.Combine(files.Directory, "t/telegram.liquid"), Encoding.Unicode.GetBytes("Hello"));
        Assert.Equal(["t/telegram.liquid:1: The file is not UTF-8."], files.Problems());
    }

    [Fact]
    public void Windows_line_ends_are_line_ends() => Assert.Equal(
        "a\nb", TemplateFiles.Template(("telegram.liquid", "a\r\nb\r\n")).RenderTelegram(TemplateVars.Empty, "en"));
}
