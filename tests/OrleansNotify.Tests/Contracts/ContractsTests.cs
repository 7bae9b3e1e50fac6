using System.Reflection;
using System.Runtime.CompilerServices;
using OrleansNotify.Tests.Processes;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Contracts;

/// <summary>A silo, a client and a stored record may be of different versions. What they rely on is written down, and changes on purpose only.</summary>
public class ContractsTests
{
    public static TheoryData<string> Assemblies => new(Listed.Keys);

    private static Dictionary<string, Assembly> Listed { get; } = new[] { typeof(IUserGrain).Assembly, typeof(Profile).Assembly }
        .ToDictionary(assembly => assembly.GetName().Name!);

    private static IEnumerable<Type> Serialised => Listed.Values.SelectMany(ContractListing.Serialised);

    private static IEnumerable<Type> GrainInterfaces => Listed.Values.SelectMany(ContractListing.GrainInterfaces);

    [Theory, MemberData(nameof(Assemblies))]
    public void The_contracts_are_those_that_are_written_down(string assembly)
    {
        var file = Path.Combine(Repository.Root, "src", assembly, "OrleansContracts.txt");
        var listing = ContractListing.Of(Listed[assembly]);
        if (Environment.GetEnvironmentVariable("NOTIFY_UPDATE_CONTRACTS") == "1") File.WriteAllText(file, listing);
        Assert.Equal(File.ReadAllText(file), listing);
    }

    [Fact]
    public void There_is_something_written_down()
    {
        var (ofClients, ofSilos) = (ContractListing.Of(typeof(IUserGrain).Assembly), ContractListing.Of(typeof(Profile).Assembly));
        Assert.Contains("interface notify.IUserGrain: IGrainWithStringKey", ofClients);
        Assert.Contains("    Send(notify.SendRequest): Task<notify.Receipt>", ofClients);
        Assert.Contains("    4 Errors: IReadOnlyDictionary<String, String[]>?", ofClients);
        Assert.Contains("class notify.Profile", ofSilos);
        Assert.Contains("grain user: UserGrain", ofSilos);
    }

    [Fact]
    public void Every_serialised_type_has_an_alias() => Assert.All(Serialised, type => Assert.NotNull(ContractListing.AliasOf(type)));

    [Fact]
    public void No_alias_is_used_twice() =>
        Assert.All(Serialised.Concat(GrainInterfaces).GroupBy(ContractListing.AliasOf), types => Assert.Single(types));

    [Fact]
    public void Every_grain_interface_and_each_of_its_methods_has_an_alias()
    {
        Assert.All(GrainInterfaces, type => Assert.NotNull(ContractListing.AliasOf(type)));
        Assert.All(GrainInterfaces.SelectMany(type => type.GetMethods()), method => Assert.NotNull(ContractListing.AliasOf(method)));
        Assert.All(GrainInterfaces, type => Assert.Distinct(type.GetMethods().Select(ContractListing.AliasOf)));
    }

    [Fact]
    public void Every_public_type_that_holds_something_is_serialised() => Assert.All(
        typeof(IUserGrain).Assembly.GetExportedTypes()
            .Where(type => type is not ({ IsInterface: true } or { IsAbstract: true, IsSealed: true }) && !ContractListing.IsGenerated(type)),
        type => Assert.Contains(type, Serialised));

    [Fact]
    public void Every_stored_member_has_a_number_of_its_own() => Assert.All(Serialised.Where(type => !type.IsEnum), type =>
    {
        Assert.Distinct(ContractListing.Members(type).Select(member => member.Id));
        var stored = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Select(field => field.IsDefined(typeof(CompilerGeneratedAttribute)) ? field.Name.Split('<', '>')[1] : field.Name);
        Assert.Equal(stored.Order(), ContractListing.Members(type).Select(member => member.Name).Order());
    });

    [Fact]
    public void Everything_inside_a_serialised_type_or_a_call_is_serialised_too()
    {
        var used = Serialised.Where(type => !type.IsEnum).SelectMany(ContractListing.Members).Select(member => member.Type)
            .Concat(GrainInterfaces.SelectMany(type => type.GetMethods())
                .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
            .SelectMany(Parts)
            .Where(type => type.Assembly == typeof(IUserGrain).Assembly || type.Assembly == typeof(Profile).Assembly)
            .Where(type => !type.IsGenericParameter);
        Assert.All(used, type => Assert.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type, Serialised));
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsArray ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Prepend(type);
}
