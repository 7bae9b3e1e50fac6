using OrleansNotify.Delivery;
using OrleansNotify.Host.Api.Campaigns;
using OrleansNotify.Host.Api.Channels;
using OrleansNotify.Host.Api.DeadLetters;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;
using OrleansNotify.Host.Api.Messages;
using OrleansNotify.Host.Api.Templates;
using OrleansNotify.Host.Api.Unsubscribe;
using OrleansNotify.Host.Api.Users;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Api;

/// <summary>The HTTP API: its services and its routes.</summary>
internal static class NotifyApi
{
    /// <summary>
    /// Registers what the API needs beside an <see cref="IGrainFactory"/>, a <see cref="TimeProvider"/>, <see cref="NotifyOptions"/>,
    /// the <see cref="OrleansNotify.Templates.TemplateCatalog"/>, data protection, what <see cref="NotifySilo.AddNotify"/> adds, and the
    /// channels' senders.
    /// </summary>
    public static void AddNotifyApi(this WebApplicationBuilder builder, JwtSettings jwt)
    {
        builder.Services.ConfigureHttpJsonOptions(json => NotifyJson.Apply(json.SerializerOptions));
        builder.Services.AddSingleton<FaultLog>();
        builder.Services.AddExceptionHandler<CallerFaults>();
        builder.Services.AddExceptionHandler<StoreFaults>();
        builder.Services.AddSingleton<TestDelivery>();
        builder.Services.AddSingleton<Explaining>();
        builder.Services.AddSingleton<BatchSending>();
        builder.Services.AddSingleton<UnsubscribeApi.Links>();
        HiddenTokens.Add(builder.Services);
        OpenApi.Add(builder.Services);
        JwtBearer.Add(builder.Services, jwt);
        Policies.Add(builder.Services);
    }

    /// <summary>
    /// Adds error answers, authentication and authorization to the pipeline, and maps the routes. To be called before anything else is
    /// mapped, so that all of it answers errors alike.
    /// </summary>
    public static void MapNotifyApi(this WebApplication app)
    {
        app.UseHeads();
        app.UseRouting();
        app.UseProblemJson();
        app.UseAuthentication();
        app.UseAuthorization();
        Admission admission = new(Admission.Usual, Admission.UsualBytes);
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.Use(admission.Pass));
        app.Use(ContentCoding.Pass);

        var api = app.MapGroup("/api/v1").WithMetadata(new BodyLimit(BodyLimit.Usual)).AddEndpointFilter(RefuseBadInput.Filter);
        QueryNames.RefuseOthers(api);
        MessagesApi.Map(api);
        TestApi.Map(api);
        UsersApi.Map(api);
        TemplatesApi.Map(api);
        PushApi.Map(api);
        DeadLettersApi.Map(api);
        CampaignsApi.Map(api);
        ChannelsApi.Map(api);
        UnsubscribeApi.Map(app);
        ApiPages.Map(app);
    }
}
