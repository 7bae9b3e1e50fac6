using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OrleansNotify.Host.Api.Users;

namespace OrleansNotify.Host.Api.Json;

/// <summary>
/// Says of a JSON text that could not be read what is wrong with it, by field: <c>quiet_hours.time_zone</c>, <c>fallback_order[2]</c>.
/// What is wrong with the text as a whole goes under <see cref="Body"/>. No value is repeated, and no name at length.
/// </summary>
internal sealed class FieldErrors
{
    /// <summary>The field name of the whole body.</summary>
    public const string Body = "body";

    private const int MostErrors = 20;
    private const int LongestName = 64;

    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>What is wrong with a text as a <typeparamref name="T"/>; never empty.</summary>
    public static Dictionary<string, string[]> Of<T>(in ReadOnlySequence<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = NotifyJson.MaxDepth });
            return Of<T>(document.RootElement);
        }
        catch (JsonException fault)
        {
            return new() { [Body] = [InvalidJson(fault)] };
        }
    }

    /// <summary>What is wrong with a value as a <typeparamref name="T"/>; never empty.</summary>
    public static Dictionary<string, string[]> Of<T>(JsonElement value)
    {
        var found = new FieldErrors();
        found.Check(value, NotifyJson.Options.GetTypeInfo(typeof(T)), "");
        if (found._errors.Count == 0) found.Add("", "Is not what this route takes.");
        return found._errors;
    }

    /// <summary>What is wrong with a value as an object of any members; empty where nothing is.</summary>
    public static Dictionary<string, string[]> OfFree(JsonElement value)
    {
        var found = new FieldErrors();
        found.CheckVars(value, "");
        return found._errors;
    }

    /// <summary>Where a text stops being JSON; in the first line, which may be the only one, its number is left out.</summary>
    public static string InvalidJson(JsonException fault) =>
        $"Is not JSON, or nested more than {NotifyJson.MaxDepth} levels deep, at {(fault.LineNumber > 0 ? $"line {fault.LineNumber + 1}, " : "")}byte {fault.BytePositionInLine + 1}.";

    private void Check(JsonElement value, JsonTypeInfo type, string path)
    {
        if (type.Kind == JsonTypeInfoKind.Object) CheckObject(value, type, path);
        else if (type.Type == typeof(TemplateVars)) CheckVars(value, path);
        else if (ArraysWithoutNull.ElementOf(type.Type) is { } element) CheckArray(value, NotifyJson.Options.GetTypeInfo(element), path);
        else CheckLeaf(value, type, path);
    }

    private void CheckObject(JsonElement value, JsonTypeInfo type, string path)
    {
        if (!Is(value, JsonValueKind.Object, "Must be an object.", path)) return;
        var seen = new HashSet<string>();
        foreach (var (name, field) in Fields(value))
        {
            var at = Join(path, name);
            if (!seen.Add(name)) Add(at, "Is given twice.");
            else if (type.Properties.FirstOrDefault(known => known.Name == name) is not { Set: not null } known) AddUnknown(type, at);
            else if (field.ValueKind == JsonValueKind.Null && MayBeNull(known)) continue;
            else Check(field, NotifyJson.Options.GetTypeInfo(known.PropertyType), at);
        }

        foreach (var missing in type.Properties.Where(known => known.IsRequired && !seen.Contains(known.Name)))
            Add(Join(path, missing.Name), "Is required.");
    }

    private void AddUnknown(JsonTypeInfo type, string path)
    {
        if (type.UnmappedMemberHandling != JsonUnmappedMemberHandling.Skip) Add(path, "Is not a known field.");
    }

    private void CheckArray(JsonElement value, JsonTypeInfo element, string path)
    {
        if (!Is(value, JsonValueKind.Array, "Must be an array.", path)) return;
        var at = 0;
        foreach (var item in value.EnumerateArray()) Check(item, element, $"{path}[{at++}]");
    }

    private void CheckVars(JsonElement value, string path)
    {
        if (Is(value, JsonValueKind.Object, "Must be an object.", path)) CheckFree(value, path);
    }

    /// <summary>Any JSON, but without repeated names, and of valid Unicode.</summary>
    private void CheckFree(JsonElement value, string path)
    {
        var seen = new HashSet<string>();
        var at = 0;
        if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray()) CheckFree(item, $"{path}[{at++}]");
        else if (value.ValueKind == JsonValueKind.Object)
            foreach (var field in value.EnumerateObject())
                if (!IsText(field, out var name)) Add(Join(path, name), Expected(typeof(string)));
                else if (seen.Add(name)) CheckFree(field.Value, Join(path, name));
                else Add(Join(path, name), "Is given twice.");
        else if (value.ValueKind == JsonValueKind.String)
            CheckLeaf(value, NotifyJson.Options.GetTypeInfo(typeof(string)), path);
    }

    private void CheckLeaf(JsonElement value, JsonTypeInfo type, string path)
    {
        var target = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (value.ValueKind == JsonValueKind.Null)
        {
            Add(path, "Must not be null.");
            return;
        }

        try
        {
            value.Deserialize(type);
        }
        catch (JsonException)
        {
            Add(path, Expected(target));
        }
    }

    private static string Expected(Type type) => type switch
    {
        { IsEnum: true } => $"Must be one of: {string.Join(", ", EnumNames.Of(type))}.",
        _ when type == typeof(string) => "Must be a string of valid Unicode.",
        _ when type == typeof(ChatNumber) => "Must be a number, or its digits as a string.",
        _ when type == typeof(bool) => "Must be true or false.",
        _ when type == typeof(double) => "Must be a number.",
        _ when type == typeof(int) => "Must be a whole number.",
        _ when type == typeof(DateTimeOffset) => "Must be a time with an offset (RFC 3339), such as 2026-01-31T09:30:00Z.",
        _ when type == typeof(TimeOnly) => "Must be a time of day, such as 22:00.",
        _ => "Is not what this field takes.",
    };

    private static bool MayBeNull(JsonPropertyInfo known) =>
        known.IsSetNullable && (!known.PropertyType.IsValueType || Nullable.GetUnderlyingType(known.PropertyType) is not null);

    private static IEnumerable<(string Name, JsonElement Value)> Fields(JsonElement value)
    {
        foreach (var field in value.EnumerateObject())
        {
            IsText(field, out var name);
            yield return (name, field.Value);
        }
    }

    // A name may hold half a surrogate pair, which is no string: its escaped text stands in.
    private static bool IsText(JsonProperty field, out string name)
    {
        try
        {
            name = field.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(field));
            return false;
        }
    }

    private static string Join(string path, string name)
    {
        var shown = name.Length > LongestName ? $"{name[..LongestName]}…" : name;
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }

    private bool Is(JsonElement value, JsonValueKind kind, string text, string path)
    {
        if (value.ValueKind != kind) Add(path, text);
        return value.ValueKind == kind;
    }

    private void Add(string path, string text)
    {
        if (_errors.Count < MostErrors) _errors.TryAdd(path.Length == 0 ? Body : path, [text]);
    }
}
