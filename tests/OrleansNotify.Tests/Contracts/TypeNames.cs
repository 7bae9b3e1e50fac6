using System.Reflection;

namespace OrleansNotify.Tests.Contracts;

/// <summary>Types as C# writes them, with what may be null; ours by their aliases.</summary>
internal static class TypeNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(PropertyInfo property) => Of(Nullability.Create(property));

    public static string Of(FieldInfo field) => Of(Nullability.Create(field));

    public static string Of(ParameterInfo parameter) => Of(Nullability.Create(parameter));

    /// <summary>A grain's type as its key has it: given, or the class's name without its ending.</summary>
    public static string OfGrain(Type grain) =>
        grain.GetCustomAttribute<GrainTypeAttribute>() is { } given
            ? given.GetGrainType(null!, null!).ToString()!
            : grain.Name.Replace("Grain", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Of(NullabilityInfo info)
    {
        if (Nullable.GetUnderlyingType(info.Type) is { } value) return $"{Name(value)}?";
        var mark = !info.Type.IsValueType && info.ReadState == NullabilityState.Nullable ? "?" : "";
        if (info.ElementType is { } element) return $"{Of(element)}[]{mark}";
        return info.GenericTypeArguments.Length == 0 ? Name(info.Type) + mark : $"{Name(info.Type)}<{string.Join(", ", info.GenericTypeArguments.Select(Of))}>{mark}";
    }

    private static string Name(Type type) => ContractListing.AliasOf(type) ?? type.Name.Split('`')[0];
}
