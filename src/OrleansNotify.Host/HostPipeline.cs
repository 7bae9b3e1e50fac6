using Orleans.Dashboard;
using OrleansNotify.Host.Api;
using OrleansNotify.Host.Auth;
using OrleansNotify.Host.Health;
using OrleansNotify.Host.Pages;
using OrleansNotify.Host.Security;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Store;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.InboxPage;
using Prometheus;

namespace OrleansNotify.Host;

/// <summary>The way of a request, and what there is to be asked for.</summary>
internal static class HostPipeline
{
    public static void Configure(WebApplication app, HostSettings settings)
    {
        app.UsePublicScheme(settings.PublicUrl, settings.TrustedProxies);
        app.UseSecurityHeaders();
        app.Use((context, next) =>
        {
            // While it drains, a connection ends with its answer: none is cut when the host stops listening.
            if (app.Lifetime.ApplicationStopping.IsCancellationRequested) context.Response.Headers.Connection = "close";
            return next(context);
        });
        app.UseRefusalWhenFull();
        app.MapNotifyApi();
        app.MapHealth();
        app.MapMetrics().ExcludeFromDescription();
        app.MapPages();
        if (app.Services.GetService<Inbox>() is { } inbox)
            app.MapInbox(inbox, app.Services.GetRequiredService<HostSettings>().AppUrl!).RequireAuthorization(SignIn.OwnerOrLocal).WithPolicy(SecurityHeaders.ForPages).ExcludeFromDescription();
        app.MapOrleansDashboard("/dashboard").RequireAuthorization(SignIn.Owner).WithPolicy(SecurityHeaders.ForPackages).ExcludeFromDescription();
    }
}
