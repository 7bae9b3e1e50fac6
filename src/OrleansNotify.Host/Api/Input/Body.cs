using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Input;

/// <summary>A part of a request that may have been unreadable: <see cref="RefuseBadInput"/> then answers in the handler's place.</summary>
internal interface IInput
{
    /// <summary>The answer where it was unreadable; else null.</summary>
    IResult? Problem { get; }
}

/// <summary>A JSON body, read by <see cref="NotifyJson"/>.</summary>
internal sealed class Body<T> : IInput, IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;

    private Body(T? value, IResult? problem) => (_value, Problem) = (value, problem);

    /// <summary>The body; a handler is only called where there is one.</summary>
    public T Value => _value ?? throw new InvalidOperationException("The body was unreadable.");

    public IResult? Problem { get; }

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (body, problem) = await BodyText.Read(context, Read);
        return body ?? new(null, problem);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static Body<T> Read(in ReadOnlySequence<byte> text)
    {
        try
        {
            return new(NotifyJson.Read<T>(text), null);
        }
        catch (JsonException)
        {
            return new(null, Problems.Invalid(FieldErrors.Of<T>(text)));
        }
    }
}
