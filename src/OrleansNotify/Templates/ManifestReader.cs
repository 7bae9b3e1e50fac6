using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace OrleansNotify.Templates;

/// <summary>Reads a <c>template.yaml</c>: nothing unknown, nothing of another type, nothing twice.</summary>
internal sealed partial class ManifestReader(string file, LoadProblems problems)
{
    /// <summary>The kinds of position failures.</summary>
    public static readonly ImmutableArray<string> PositionFailures = ["entry", "sl", "tp"];

    // Words of Liquid itself, and the variables that we add.
    private static readonly HashSet<string> ReservedNames =
    [
        "and", "blank", "contains", "empty", "false", "forloop", "in", "limit", "nil", "null", "offset", "or", "public_url", "reversed",
        "true", "unsubscribe_url",
    ];

    /// <summary>The manifest; null if there are problems, which are then among those given.</summary>
    public TemplateManifest? Read(string name, string yaml)
    {
        var before = problems.All.Count;
        var manifest = Parse(yaml) is { } root ? Manifest(name, root) : null;
        return problems.All.Count == before ? manifest : null;
    }

    private YamlMappingNode? Parse(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            var events = new Parser(new StringReader(yaml));
            while (events.MoveNext())
            {
                if (events.Current is not AnchorAlias alias) continue;
                problems.Add(file, (int)alias.Start.Line, "Aliases are not used in manifests.");
                return null;
            }

            stream.Load(new StringReader(yaml));
        }
        catch (Exception fault) when (fault is YamlException or InvalidOperationException or ArgumentException)
        {
            // The reader lets go of its own name for some faults, as for a flow mapping that is never closed.
            problems.Add(file, fault is YamlException { Start.Line: var line } ? (int)line : 1, fault.Message);
            return null;
        }

        if (stream.Documents is [{ RootNode: YamlMappingNode root }]) return root;
        problems.Add(file, 1, "A manifest is one YAML document, a mapping.");
        return null;
    }

    private TemplateManifest Manifest(string name, YamlMappingNode root)
    {
        var fields = Fields(root, "type", "description", "position_failure", "urgent", "unsubscribable", "variables");
        var manifest = new TemplateManifest
        {
            Name = name,
            Type = Text(fields, "type") ?? "",
            Description = Text(fields, "description") ?? "",
            PositionFailure = Text(fields, "position_failure"),
            Urgent = Truth(fields, "urgent") ?? false,
            Unsubscribable = Truth(fields, "unsubscribable") ?? false,
            Variables = Variables(fields),
        };
        if (!TypeName().IsMatch(manifest.Type))
            Add(fields, "type", root, "The type is 1 to 32 of a-z, 0-9 and _, beginning with a letter.");
        if (manifest.PositionFailure is { } kind && !PositionFailures.Contains(kind))
            Add(fields, "position_failure", root, "A position failure is entry, sl or tp.");
        if (manifest is { Urgent: true, Unsubscribable: true })
            Add(fields, "unsubscribable", root, "An urgent template passes unsubscribes, so one cannot unsubscribe from it.");
        return manifest;
    }

    private ImmutableArray<TemplateVariable> Variables(Dictionary<string, YamlNode> fields)
    {
        if (!fields.TryGetValue("variables", out var node)) return [];
        if (node is not YamlMappingNode variables)
        {
            problems.Add(file, Line(node), "The variables are a mapping of names.");
            return [];
        }

        return [.. variables.Children.Select(pair => Variable(pair.Key, pair.Value)).OfType<TemplateVariable>()];
    }

    private TemplateVariable? Variable(YamlNode key, YamlNode value)
    {
        var name = key.ToString();
        if (!VariableName().IsMatch(name) || ReservedNames.Contains(name))
        {
            problems.Add(
                file,
                Line(key),
                $"{name} cannot be a variable's name: it is 1 to 64 of a-z, 0-9 and _, begins with a letter and is not a word of Liquid.");
            return null;
        }

        if (value is not YamlMappingNode mapping)
        {
            problems.Add(file, Line(key), $"The variable {name} is a mapping with a sample.");
            return null;
        }

        var fields = Fields(mapping, "required", "sample", "default", "description");
        var sample = Json(fields, "sample");
        var standard = Json(fields, "default");
        var required = Truth(fields, "required") ?? standard is null;
        if (sample is null or "null") problems.Add(file, Line(key), $"The variable {name} needs a sample.");
        if (required && standard is not null) problems.Add(file, Line(key), $"The variable {name} is required, so it has no default.");
        return new TemplateVariable(name, required, sample ?? "null", standard, Text(fields, "description") ?? "");
    }

    private Dictionary<string, YamlNode> Fields(YamlMappingNode mapping, params string[] known)
    {
        var fields = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Children)
        {
            var name = key.ToString();
            if (known.Contains(name)) fields[name] = value;
            else problems.Add(file, Line(key), $"Unknown key {name}; known are {string.Join(", ", known)}.");
        }

        return fields;
    }

    private string? Text(Dictionary<string, YamlNode> fields, string name)
    {
        if (!fields.TryGetValue(name, out var node)) return null;
        if (node is YamlScalarNode { Value.Length: > 0 } scalar) return scalar.Value;
        problems.Add(file, Line(node), $"{name} is a text.");
        return null;
    }

    private bool? Truth(Dictionary<string, YamlNode> fields, string name)
    {
        if (!fields.TryGetValue(name, out var node)) return null;
        if (node is YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } scalar) return scalar.Value == "true";
        problems.Add(file, Line(node), $"{name} is true or false.");
        return null;
    }

    private string? Json(Dictionary<string, YamlNode> fields, string name) => fields.TryGetValue(name, out var node) ? Json(node, 1) : null;

    // Numbers keep the digits that the file has.
    private string Json(YamlNode node, int depth)
    {
        switch (node)
        {
            case YamlScalarNode scalar:
                return scalar.Style != ScalarStyle.Plain || !JsonLiteral().IsMatch(scalar.Value!)
                    ? JsonSerializer.Serialize(scalar.Value)
                    : scalar.Value!.Length == 0 || scalar.Value[0] == '~' ? "null" : scalar.Value;
            case var _ when depth > TemplateModel.MaxDepth:
                problems.Add(file, Line(node), $"The value is nested more than {TemplateModel.MaxDepth} deep.");
                return "null";
            case YamlSequenceNode list:
                return $"[{string.Join(',', list.Children.Select(inner => Json(inner, depth + 1)))}]";
            default:
                var pairs = ((YamlMappingNode)node).Children
                    .Select(pair => $"{JsonSerializer.Serialize(pair.Key.ToString())}:{Json(pair.Value, depth + 1)}");
                return $"{{{string.Join(',', pairs)}}}";
        }
    }

    private void Add(Dictionary<string, YamlNode> fields, string name, YamlNode root, string reason) =>
        problems.Add(file, Line(fields.GetValueOrDefault(name, root)), reason);

    private static int Line(YamlNode node) => (int)node.Start.Line;

    [GeneratedRegex("^(~|null|true|false|-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?|)$")]
    private static partial Regex JsonLiteral();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,31}$")]
    private static partial Regex TypeName();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}$")]
    private static partial Regex VariableName();
}
