using CsCheck;
using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>Whatever a manifest holds: it is read, or each problem is named with its file and line; never an exception.</summary>
public sealed class ManifestFuzzTests
{
    private const string Manifest = """
        description: What it is for.
        type: alert
        position_failure: sl
        urgent: true
        variables:
          instrument: { sample: EURUSD, description: A name. }
          price: { sample: 1.0840, default: null }
          list: { sample: [1, -2.5e3, true, ~, "x\"y", { d: yes }], required: false }
          lines:
            sample: |
              two
              lines
            default: USD
        """;

    private static readonly string[] s_parts =
    [
        "&a", "*a", "<<:", "!!binary", "!!int", "!<tag>", "%YAML 1.2", "---", "...", "- ", "? ", ": ", "{", "}", "[", "]", ",", "|", ">", "'", "\"", "\\", "#", "@", "`", "~", "null",
        "yes", ".nan", ".inf", "1e999", "0x1F", "\t", "\r", "\n", "\0", "\u0085", "\u2028", "\ufeff", "variables", "type", "urgent", "a: a: a", "{{ x }}", "\ud83d\ude00",
    ];

    private static readonly Gen<string> s_manifest =
        Gen.Select(Gen.Int[0, Manifest.Length], Gen.Int[0, 12], Gen.Int[0, s_parts.Length - 1].Select(at => s_parts[at])).Array[0, 6].Select(edits =>
            edits.Aggregate(Manifest, (text, edit) =>
            {
                var (at, length, part) = edit;
                var start = Math.Min(at, text.Length);
                return text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, part);
            }));

    [Fact]
    public void It_is_read_or_its_problems_are_named() => s_manifest.Sample(
        text =>
        {
            LoadProblems problems = new();
            var manifest = new ManifestReader("t/template.yaml", problems).Read("t", text);
            Assert.Equal(manifest is null, problems.All.Count > 0);
            if (manifest is null) Assert.All(problems.All, problem => Assert.StartsWith("t/template.yaml", problem, StringComparison.Ordinal));
            else Assert.False(string.IsNullOrEmpty(manifest.Type));
        },
        iter: Fuzz.Times(5_000));
}
