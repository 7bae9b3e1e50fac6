using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Input;

/// <summary>A change of some members of something that is kept (RFC 7396): a null takes a member away, so that it has its default again.</summary>
internal sealed class MergePatch : IInput, IBindableFromHttpContext<MergePatch>, IEndpointParameterMetadataProvider
{
    /// <summary>Its media type; <c>application/json</c> is taken for it as well.</summary>
    public const string Media = "application/merge-patch+json";

    /// <summary>How often a patch is applied to what is kept, because somebody else has changed that meanwhile.</summary>
    public const int MostTries = 5;

    /// <summary>The answer where it was changed each time.</summary>
    public static IResult Busy => Problems.Conflict("It was changed by others again and again meanwhile; ask again.", "changed_meanwhile");

    private readonly JsonObject _patch;

    private MergePatch(JsonObject patch, IResult? problem) => (_patch, Problem) = (patch, problem);

    public IResult? Problem { get; }

    public static async ValueTask<MergePatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (patch, problem) = await BodyText.Read(context, Read);
        return patch ?? new([], problem);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata([Media, "application/json"], typeof(MergePatch)));

    /// <summary>What becomes of something that is kept; or what is wrong with that, by field.</summary>
    public (T? Value, IReadOnlyDictionary<string, string[]>? Errors) Apply<T>(T kept)
        where T : class
    {
        var merged = JsonSerializer.SerializeToNode(kept, NotifyJson.Options)!.AsObject();
        Merge(merged, _patch);
        ReadOnlySequence<byte> text = new(JsonSerializer.SerializeToUtf8Bytes(merged, NotifyJson.Options));
        try
        {
            return (NotifyJson.Read<T>(text), null);
        }
        catch (JsonException)
        {
            return (null, FieldErrors.Of<T>(text));
        }
    }

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
            if (value is null)
            {
                into.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (into[name] is not JsonObject target) into[name] = target = [];
                Merge(target, inner);
            }
            else
            {
                into[name] = value.DeepClone();
            }
    }

    private static MergePatch Read(in ReadOnlySequence<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = NotifyJson.MaxDepth });
            var errors = FieldErrors.OfFree(document.RootElement);
            return errors.Count > 0 ? new([], Problems.Invalid(errors)) : new(JsonObject.Create(document.RootElement.Clone())!, null);
        }
        catch (JsonException fault)
        {
            return new([], Problems.Invalid(FieldErrors.Body, FieldErrors.InvalidJson(fault)));
        }
    }
}
