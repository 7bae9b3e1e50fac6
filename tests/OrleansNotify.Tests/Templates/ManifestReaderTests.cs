using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

public sealed class ManifestReaderTests
{
    [Fact]
    public void A_flow_mapping_that_is_never_closed_is_a_problem_of_the_file()
    {
        LoadProblems problems = new();
        Assert.Null(new ManifestReader("t/template.yaml", problems).Read("t", "description: d\n{lert\nposition_failure: sl\nurgent: true\n"));
        Assert.StartsWith("t/template.yaml:1: ", Assert.Single(problems.All), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_says_what_the_template_is()
    {
        var manifest = Read("""
            description: What it is for.
            type: alert
            position_failure: sl
            urgent: true
            variables:
              a: { sample: 1.0840, description: A number. }
              b: { sample: "1.0840", default: null }
              c: { sample: [1, -2.5e3, true, ~, "x\"y", { d: yes }], required: false }
              e:
                sample: |
                  two
                  lines
                default: USD
              f:
                sample: 1
                default:
            """).Manifest!;

        Assert.Equal(("t", "What it is for.", "alert", "sl", true, false),
            (manifest.Name, manifest.Description, manifest.Type, manifest.PositionFailure, manifest.Urgent, manifest.Unsubscribable));
        Assert.Equal(
            [
                new TemplateVariable("a", true, "1.0840", null, "A number."),
                new TemplateVariable("b", false, "\"1.0840\"", "null"),
                new TemplateVariable("c", false, """[1,-2.5e3,true,null,"x\u0022y",{"d":"yes"}]""", null),
                new TemplateVariable("e", false, "\"two\\nlines\\n\"", "\"USD\""),
                new TemplateVariable("f", false, "1", "null"),
            ],
            manifest.Variables);
    }

    [Fact]
    public void Most_of_it_may_be_left_out()
    {
        var manifest = Read("type: education\nunsubscribable: true").Manifest!;

        Assert.Equal(("education", null, false, true, ""), (manifest.Type, manifest.PositionFailure, manifest.Urgent, manifest.Unsubscribable, manifest.Description));
        Assert.Empty(manifest.Variables);
        Assert.Equal("{}", manifest.SampleVars.Json);
    }

    [Theory]
    [InlineData("", 1, "A manifest is one YAML document, a mapping.")]
    [InlineData("- a", 1, "A manifest is one YAML document, a mapping.")]
    [InlineData("type: a\n---\ntype: b", 1, "A manifest is one YAML document, a mapping.")]
    [InlineData("type: alert\nurgent: yes", 2, "urgent is true or false.")]
    [InlineData("type: alert\nurgent: 'true'", 2, "urgent is true or false.")]
    [InlineData("type: alert\nurgent: [true]", 2, "urgent is true or false.")]
    [InlineData("type: alert\n\ndescription: [a]", 3, "description is a text.")]
    [InlineData("type: alert\ndescription: ''", 2, "description is a text.")]
    [InlineData("type: Alert", 1, "The type is 1 to 32 of a-z, 0-9 and _, beginning with a letter.")]
    [InlineData("urgent: true", 1, "The type is 1 to 32 of a-z, 0-9 and _, beginning with a letter.")]
    [InlineData("type: alert\nposition_failure: stop", 2, "A position failure is entry, sl or tp.")]
    [InlineData("type: alert\nurgent: true\nunsubscribable: true", 3, "An urgent template passes unsubscribes, so one cannot unsubscribe from it.")]
    [InlineData("type: alert\nvariables: [a]", 2, "The variables are a mapping of names.")]
    [InlineData("type: alert\nvariables:\n  a: x", 3, "The variable a is a mapping with a sample.")]
    [InlineData("type: alert\nvariables:\n  a: {}", 3, "The variable a needs a sample.")]
    [InlineData("type: alert\nvariables:\n  a: { sample: null }", 3, "The variable a needs a sample.")]
    [InlineData("type: alert\nvariables:\n  a: { sample: x, default: y, required: true }", 3, "The variable a is required, so it has no default.")]
    [InlineData("type: alert\nvariables:\n  a: { sampel: x, sample: x }", 3, "Unknown key sampel; known are required, sample, default, description.")]
    [InlineData("type: alert\nvariables:\n  A: { sample: x }", 3, "A cannot be a variable's name: it is 1 to 64 of a-z, 0-9 and _, begins with a letter and is not a word of Liquid.")]
    [InlineData("type: alert\nvariables:\n  public_url: { sample: x }", 3, "public_url cannot be a variable's name: it is 1 to 64 of a-z, 0-9 and _, begins with a letter and is not a word of Liquid.")]
    [InlineData("type: alert\nvariables:\n  a: { sample: &x [1] }\n  b: { sample: *x }", 4, "Aliases are not used in manifests.")]
    [InlineData("type: alert\nvariables:\n  a: { sample: [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]] }", 3, "The value is nested more than 16 deep.")]
    public void What_is_wrong_is_said_with_its_line(string yaml, int line, string reason)
    {
        var (manifest, problems) = Read(yaml);

        Assert.Null(manifest);
        Assert.Equal([$"t/template.yaml:{line}: {reason}"], problems);
    }

    [Theory]
    [InlineData("type: alert\ntype: dunning", 2)]
    [InlineData("type: alert\nvariables:\n  a: { sample: x, sample: y }", 3)]
    [InlineData("type: alert\nvariables: {", 3)]
    [InlineData("type: [\n", 2)]
    [InlineData("type: alert\n\tx: y", 1)]
    public void Broken_YAML_and_what_is_there_twice_is_said_with_its_line(string yaml, int line)
    {
        var (manifest, problems) = Read(yaml);

        Assert.Null(manifest);
        Assert.StartsWith($"t/template.yaml:{line}: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static (TemplateManifest? Manifest, IReadOnlyList<string> Problems) Read(string yaml)
    {
        var problems = new LoadProblems();
        return (new ManifestReader("t/template.yaml", problems).Read("t", yaml), problems.All);
    }
}
