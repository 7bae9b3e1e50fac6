using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Input;

/// <summary>
/// The names that a route's query may have: those of its handler's parameters, and those that a parameter which reads the query itself puts
/// into the route's metadata as one of these.
/// </summary>
internal sealed record QueryNames(FrozenSet<string> Names)
{
    /// <summary>Refuses any other name, and a name that is given twice, in all routes of a group: left out, it would do something else than was asked.</summary>
    public static void RefuseOthers(RouteGroupBuilder routes) => ((IEndpointConventionBuilder)routes).Finally(route =>
    {
        if (route is not RouteEndpointBuilder { RequestDelegate: { } handle } path) return;
        var inPath = path.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet();
        var own = route.Metadata.OfType<MethodInfo>().SelectMany(handler => handler.GetParameters()).SelectMany(NamesOf);
        var known = new QueryNames(own.Where(name => !inPath.Contains(name)).Concat(route.Metadata.OfType<QueryNames>().SelectMany(each => each.Names)).ToFrozenSet());
        route.RequestDelegate = context => known.Problem(context.Request.Query) is { } problem ? problem.ExecuteAsync(context) : handle(context);
    });

    private string NotKnown =>
        Names.Count == 0 ? "Is not known here: this route takes no query." : $"Is not known here. There are: {string.Join(", ", Names.Order(StringComparer.Ordinal))}.";

    private ProblemHttpResult? Problem(IQueryCollection query)
    {
        if (query.Count == 0) return null;
        Dictionary<string, string[]> errors = [];
        foreach (var (name, values) in query)
        {
            if (!Names.Contains(name)) errors[name] = [NotKnown];
            else if (values.Count > 1) errors[name] = ["Is given more than once."];
        }

        return errors.Count > 0 ? Problems.Invalid(errors) : null;
    }

    private static IEnumerable<string> NamesOf(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
            return parameter.ParameterType.GetProperties().Select(property => property.GetCustomAttribute<FromQueryAttribute>()?.Name).OfType<string>();
        if (parameter.GetCustomAttribute<FromQueryAttribute>() is { } query) return [query.Name ?? parameter.Name!];
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var isText = type == typeof(string) || type.GetInterfaces().Any(known => known.IsGenericType && known.GetGenericTypeDefinition() == typeof(IParsable<>));
        return isText && !parameter.GetCustomAttributes().Any(from => from is FromRouteAttribute or FromHeaderAttribute) ? [parameter.Name!] : [];
    }
}
