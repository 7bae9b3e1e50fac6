using Microsoft.AspNetCore.Http.HttpResults;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;
using OrleansNotify.Templates;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.Host.Api.Templates;

/// <summary>What templates there are, and what they look like.</summary>
internal static class TemplatesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var templates = api.MapGroup("/templates").WithTags("Templates").RequireAuthorization(Roles.Service);
        templates.MapGet("", List).WithName("listTemplates").WithSummary("What templates there are");
        api.MapGet("/templates/types", ListTypes)
            .WithTags("Templates")
            .WithName("listTemplateTypes")
            .WithSummary("What types of messages there are")
            .WithDescription("What a user may unsubscribe from: for a settings page.")
            .RequireAuthorization(Roles.Any);
        templates.MapPost("/{name}/preview", Preview)
            .WithName("previewTemplate")
            .WithSummary("What a template looks like")
            .WithDescription("Renders every channel's part; the manifest's samples stand in for variables that are missing.")
            .Produces<TemplatePreview>()
            .Fails(404);
    }

    private static Ok<Page<TemplateView>> List(TemplateCatalog catalog) => TypedResults.Ok(new Page<TemplateView>
    {
        Items = [.. catalog.All.OrderBy(template => template.Manifest.Name, StringComparer.Ordinal).Select(TemplateView.Of)],
    });

    private static Ok<Page<TemplateType>> ListTypes(TemplateCatalog catalog) => TypedResults.Ok(new Page<TemplateType> { Items = TemplateType.Of(catalog.All) });

    private static IResult Preview(string name, Body<PreviewBody> body, TemplateCatalog catalog, NotifyOptions options, TimeProvider clock)
    {
        if (catalog.Find(name) is not { } template) return Problems.NotFound("template");
        var channel = body.Value.Channel;
        var vars = TemplateSamples.Fill(template.Manifest, body.Value.TemplateVars);
        if (UserRules.Check(new UserUpdate { Locale = body.Value.Locale }, out var user) is { Count: > 0 } unknown) return Problems.Invalid(unknown);
        var request = new SendRequest { TemplateName = name, TemplateVars = vars, Channel = channel };
        if (RequestRules.Check(request, template, catalog, clock.GetUtcNow()) is { Count: > 0 } errors) return Problems.Invalid(errors);
        try
        {
            return TypedResults.Ok(TemplatePreview.Of(template, vars, user.Locale!, channel, $"{options.PublicUrl}/unsubscribe/preview"));
        }
        catch (TemplateRenderException fault)
        {
            return Problems.Invalid("template_vars", fault.Message);
        }
    }
}
