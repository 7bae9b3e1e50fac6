using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Input;

/// <summary>
/// A request's <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110, section 13.1), and the <c>ETag</c> of its answer. The tags are strong: the
/// version of what is shown.
/// </summary>
internal sealed class Conditions : IInput, IBindableFromHttpContext<Conditions>, IEndpointParameterMetadataProvider
{
    private Conditions(Precondition when, IResult? problem) => (When, Problem) = (when, problem);

    /// <summary>What must hold for a change to be made.</summary>
    public Precondition When { get; }

    public IResult? Problem { get; }

    public static ValueTask<Conditions?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var headers = context.Request.Headers;
        if (Read(headers.IfMatch) is not { } match) return Malformed(HeaderNames.IfMatch);
        if (Read(headers.IfNoneMatch) is not { } none) return Malformed(HeaderNames.IfNoneMatch);
        return new(new Conditions(
            new()
            {
                MustExist = match.Any,
                // Nobody who compares strongly finds a weak tag the same; who compares weakly does.
                Among = match.Tags?.Where(tag => !tag.IsWeak).Select(VersionOf).OfType<long>().ToImmutableArray(),
                MustNotExist = none.Any,
                NotAmong = none.Tags?.Select(VersionOf).OfType<long>().ToImmutableArray(),
            },
            null));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ConditionalMetadata());
        builder.Metadata.Add(new Failures([StatusCodes.Status400BadRequest, StatusCodes.Status412PreconditionFailed]));
    }

    /// <summary>The tag of a version.</summary>
    public static EntityTagHeaderValue TagOf(long version) => new($"\"{version.ToString("x", CultureInfo.InvariantCulture)}\"");

    /// <summary>Answers what was asked for, or 304 or 412, as its version and the conditions have it.</summary>
    public IResult Answer<T>(T shown, long version)
        where T : class
    {
        if (!(When with { NotAmong = null, MustNotExist = false }).Holds(version)) return Stale;
        var tag = TagOf(version);
        return When.Holds(version) ? new Tagged(TypedResults.Ok(shown), tag) : new Tagged(TypedResults.StatusCode(StatusCodes.Status304NotModified), tag);
    }

    /// <summary>Answers what a change has made of it.</summary>
    public static IResult Changed<T>(T shown, long version)
        where T : class => new Tagged(TypedResults.Ok(shown), TagOf(version));

    /// <summary>The conditions do not hold.</summary>
    public static ProblemHttpResult Stale => Problems.OfStatus(StatusCodes.Status412PreconditionFailed);

    private static ValueTask<Conditions?> Malformed(string header) =>
        new(new Conditions(Precondition.None, Problems.Invalid(header, "Must be *, or entity tags such as \"18f2\", separated by commas.")));

    // No header, any version, or some tags; null where it is malformed.
    private static (bool Any, IList<EntityTagHeaderValue>? Tags)? Read(StringValues header)
    {
        if (header.Count == 0) return (false, null);
        if (!EntityTagHeaderValue.TryParseStrictList(header!, out var tags)) return null;
        if (!tags.Contains(EntityTagHeaderValue.Any)) return (false, tags);
        return tags.Count == 1 ? (true, null) : null;
    }

    // A tag that is none of ours names no version.
    private static long? VersionOf(EntityTagHeaderValue tag) =>
        long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version) ? version : null;

    private sealed class Tagged(IResult result, EntityTagHeaderValue tag) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ETag = tag.ToString();
            return result.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>The route heeds conditions, and tags what it answers.</summary>
internal sealed record ConditionalMetadata;
