using System.Reflection;
using System.Text;
using Orleans.Concurrency;

namespace OrleansNotify.Tests.Contracts;

/// <summary>Writes down what an assembly shows to other versions of itself: names, numbers and types of what is sent between silos or stored.</summary>
internal static class ContractListing
{
    public static IEnumerable<Type> Serialised(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false));

    public static IEnumerable<Type> GrainInterfaces(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)) && !IsGenerated(type));

    /// <summary>The grains, whose type names are part of their stored keys.</summary>
    public static IEnumerable<Type> Grains(Assembly assembly) =>
        assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Grain)));

    public static IEnumerable<(uint? Id, string Name, Type Type, string Shown)> Members(Type type) => type
        .GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Where(member => member.IsDefined(typeof(IdAttribute)))
        .Select(member => member switch
        {
            PropertyInfo property => (IdOf(property), property.Name, property.PropertyType, TypeNames.Of(property)),
            FieldInfo field => (IdOf(field), field.Name, field.FieldType, TypeNames.Of(field)),
            _ => throw new InvalidOperationException($"{type}.{member} cannot be serialised."),
        })
        .OrderBy(member => member.Item1);

    public static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    public static string Of(Assembly assembly)
    {
        StringBuilder text = new();
        text.Append(assembly.GetName().Name).AppendLine(": what silos, clients and the store of other versions rely on.");
        text.AppendLine("Nothing here may be renamed, renumbered or given another type; a new member takes a new number.");
        text.AppendLine("After a change that was meant: NOTIFY_UPDATE_CONTRACTS=1 dotnet run --project tests/OrleansNotify.Tests -- --filter-class \"*.ContractsTests\"");
        foreach (var type in GrainInterfaces(assembly).OrderBy(AliasOf, StringComparer.Ordinal)) AppendInterface(text, type);
        foreach (var type in Grains(assembly).OrderBy(TypeNames.OfGrain, StringComparer.Ordinal))
            text.Append($"\ngrain {TypeNames.OfGrain(type)}: {type.Name}\n");
        foreach (var type in Serialised(assembly).OrderBy(AliasOf, StringComparer.Ordinal)) AppendType(text, type);
        return text.ToString();
    }

    private static void AppendInterface(StringBuilder text, Type type)
    {
        var key = type.GetInterfaces().Single(each => each.Name.StartsWith("IGrainWith", StringComparison.Ordinal)).Name;
        text.Append($"\ninterface {AliasOf(type)}: {key}\n");
        foreach (var method in type.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
        {
            var parameters = string.Join(", ", method.GetParameters().Select(TypeNames.Of));
            var oneWay = method.IsDefined(typeof(OneWayAttribute)) ? ", one way" : "";
            text.Append($"    {AliasOf(method)}({parameters}): {TypeNames.Of(method.ReturnParameter)}{oneWay}\n");
        }
    }

    private static void AppendType(StringBuilder text, Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class";
        var parent = type.BaseType is { } up && AliasOf(up) is { } alias ? $": {alias}" : "";
        text.Append($"\n{kind} {AliasOf(type)}{parent}\n");
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetValues(type)) text.Append($"    {Convert.ToInt64(value, null)} {value}\n");
            return;
        }

        foreach (var (id, name, _, shown) in Members(type)) text.Append($"    {id} {name}: {shown}\n");
    }

    private static uint? IdOf(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()!.Id;

    public static bool IsGenerated(Type type) => type.Namespace?.StartsWith("OrleansCodeGen", StringComparison.Ordinal) ?? false;
}
