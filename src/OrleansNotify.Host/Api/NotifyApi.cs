using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Api;

/// <summary>The HTTP API: its services and its routes.</summary>
internal static class NotifyApi
{
    /// <summary>
    /// Registers what the API needs beside an <see cref="IGrainFactory"/>, a <see cref="TimeProvider"/>, <see cref="NotifyOptions"/>,
    /// the <see cref="Templates.TemplateCatalog"/> and the channels' senders.
    /// </summary>
    public static void AddNotifyApi(this WebApplicationBuilder builder, JwtSettings jwt)
    {
        builder.Services.AddSingleton(jwt);
        builder.Services.AddSingleton<Delivery.TestDelivery>();
    }

    /// <summary>
    /// Adds the error pages, authentication and authorization to the pipeline, and maps the routes. To be called before anything else
    /// is mapped, so that all of it answers errors alike.
    /// </summary>
    public static void MapNotifyApi(this WebApplication app)
    {
        app.MapGet("/api/v1", () => "OrleansNotify").RequireAuthorization(Roles.Owner);
    }
}
