using System.Buffers;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Messages;

/// <summary>One place of a batch: a request, or what is wrong with it.</summary>
internal readonly record struct BatchItem(MessageBody? Body, IReadOnlyDictionary<string, string[]>? Errors);

/// <summary>An array of requests, each read on its own.</summary>
internal sealed class Batch : IInput, IBindableFromHttpContext<Batch>, IEndpointParameterMetadataProvider
{
    /// <summary>The most requests in one batch.</summary>
    public const int MaxItems = 1000;

    /// <summary>The largest body, in bytes.</summary>
    public const int MaxBytes = 8 << 20;

    private Batch(ImmutableArray<BatchItem> items, IResult? problem) => (Items, Problem) = (items, problem);

    public ImmutableArray<BatchItem> Items { get; }

    public IResult? Problem { get; }

    public static async ValueTask<Batch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (batch, problem) = await BodyText.Read(context, Read);
        return batch ?? new([], problem);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(MessageBody[])));

    private static Batch Read(in ReadOnlySequence<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = NotifyJson.MaxDepth + 1 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array) return Refused("Must be an array of messages.");
            if (root.GetArrayLength() > MaxItems) return Refused($"Must hold at most {MaxItems} messages.");
            return new([.. root.EnumerateArray().Select(ReadItem)], null);
        }
        catch (JsonException fault)
        {
            return Refused(FieldErrors.InvalidJson(fault));
        }
    }

    private static BatchItem ReadItem(JsonElement item)
    {
        try
        {
            var body = item.Deserialize<MessageBody>(NotifyJson.Options) ?? throw new JsonException("The item is null.");
            return new(body, body.Errors());
        }
        catch (JsonException)
        {
            return new(null, FieldErrors.Of<MessageBody>(item));
        }
    }

    private static Batch Refused(string error) => new([], Problems.Invalid(FieldErrors.Body, error));
}
