using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>A campaign in one JSON text, or as NDJSON with the settings in the query.</summary>
internal sealed class CampaignInput : IInput, IBindableFromHttpContext<CampaignInput>, IEndpointParameterMetadataProvider
{
    /// <summary>The media type of one recipient a line.</summary>
    public const string Ndjson = "application/x-ndjson";

    private static readonly string[] NotInQuery = ["Is not known in the query: with JSON, the settings go in the body."];

    private readonly CampaignBody? _body;

    private CampaignInput(CampaignBody? body, IAsyncEnumerable<AudienceLine> audience, IResult? problem) =>
        (_body, Audience, Problem) = (body, audience, problem);

    /// <summary>The settings; a handler is only called where there are any.</summary>
    public CampaignBody Body => _body ?? throw new InvalidOperationException("The body was unreadable.");

    /// <summary>Its lines, to be read once.</summary>
    public IAsyncEnumerable<AudienceLine> Audience { get; }

    public IResult? Problem { get; }

    public static async ValueTask<CampaignInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        var key = request.Headers.TryGetValue(IdempotencyHeader.Name, out var named) ? named.ToString() : null;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var media) && media.MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase))
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            var body = ContentCoding.IsGzip(request) ? PipeReader.Create(new Gunzip(request.Body)) : request.BodyReader;
            return Read(CampaignQuery.Text(request.Query), NdjsonAudience.Read(body), key);
        }

        if (ContentCoding.IsGzip(request)) return new(null, AsyncEnumerable.Empty<AudienceLine>(), ContentCoding.Refuse(context, takesGzip: false));
        if (request.Query.Count > 0) return Refused(request.Query.Keys.ToDictionary(name => name, _ => NotInQuery));
        var (input, problem) = await BodyText.Read(context, (in ReadOnlySequence<byte> text) => ReadJson(text, key));
        return input ?? new(null, AsyncEnumerable.Empty<AudienceLine>(), problem);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata(["application/json", Ndjson], typeof(CampaignBody)));
        builder.Metadata.Add(CampaignQuery.Names);
    }

    private static CampaignInput ReadJson(in ReadOnlySequence<byte> text, string? key)
    {
        try
        {
            var (lines, settings) = JsonAudience.Split(text);
            return Read(settings, lines.ToAsyncEnumerable(), key);
        }
        catch (JsonException fault)
        {
            return new(null, AsyncEnumerable.Empty<AudienceLine>(), Problems.Invalid(FieldErrors.Body, FieldErrors.InvalidJson(fault)));
        }
    }

    private static CampaignInput Read(in ReadOnlySequence<byte> settings, IAsyncEnumerable<AudienceLine> audience, string? header)
    {
        try
        {
            var body = NotifyJson.Read<CampaignBody>(settings);
            var (key, problem) = IdempotencyHeader.With(header, body.IdempotencyKey);
            if (problem is not null) return new(null, AsyncEnumerable.Empty<AudienceLine>(), problem);
            body = body with { IdempotencyKey = key };
            return body.Errors() is { Count: > 0 } errors ? Refused(errors) : new(body, audience, null);
        }
        catch (JsonException)
        {
            return Refused(FieldErrors.Of<CampaignBody>(settings));
        }
    }

    private static CampaignInput Refused(IReadOnlyDictionary<string, string[]> errors) =>
        new(null, AsyncEnumerable.Empty<AudienceLine>(), Problems.Invalid(errors));
}
