using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansNotify.Host.Api.Unsubscribe;

/// <summary>
/// Takes the token of an unsubscribe link out of a request before anything sees it. Who has the token may act for its user, and log lines and traces
/// name a request by its path: those of the hosting, of routing, of whoever is added later, at whatever level.
/// </summary>
internal sealed class HiddenTokens(IServer server) : IServer
{
    private const string Before = "/unsubscribe/", Instead = "hidden";

    public IFeatureCollection Features => server.Features;

    /// <summary>Puts this before the server that there is.</summary>
    public static void Add(IServiceCollection services)
    {
        var server = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(server);
        services.AddSingleton<IServer>(provider => new HiddenTokens((IServer)ActivatorUtilities.CreateInstance(provider, server.ImplementationType!)));
    }

    /// <summary>Hands a handler's <c>token</c> over as it was asked for.</summary>
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var at = Array.FindIndex(factory.MethodInfo.GetParameters(), parameter => parameter.Name == "token");
        return context =>
        {
            context.Arguments[at] = context.HttpContext.Features.Get<Token>()?.Text ?? context.Arguments[at];
            return next(context);
        };
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => server.StartAsync(new Hiding<TContext>(application), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();

    private static void Hide(IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        // A user or a template may have that name.
        if (request.Path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase)) return;
        var start = request.Path.IndexOf(Before, StringComparison.OrdinalIgnoreCase);
        if (start < 0) return;
        start += Before.Length;
        var end = request.Path.IndexOf('/', start) is var slash and >= 0 ? slash : request.Path.Length;
        features.Set(new Token(request.Path[start..end]));
        request.Path = request.Path[..start] + Instead + request.Path[end..];
        request.RawTarget = request.Path + request.QueryString;
    }

    private sealed record Token(string Text);

    private sealed class Hiding<TContext>(IHttpApplication<TContext> application) : IHttpApplication<TContext>
        where TContext : notnull
    {
        public TContext CreateContext(IFeatureCollection contextFeatures)
        {
            Hide(contextFeatures);
            return application.CreateContext(contextFeatures);
        }

        public Task ProcessRequestAsync(TContext context) => application.ProcessRequestAsync(context);

        public void DisposeContext(TContext context, Exception? exception) => application.DisposeContext(context, exception);
    }
}
