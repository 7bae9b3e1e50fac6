using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using OrleansNotify.Host.Api.Input;

namespace OrleansNotify.Host.Auth;

/// <summary>Who may use a route: one policy for each of <see cref="Roles"/>, that role and those above it, by bearer token alone.</summary>
internal static class Policies
{
    public static void Add(IServiceCollection services) => services.AddAuthorizationBuilder()
        .AddPolicy(Roles.Owner, Bearer().RequireRole(Roles.Owner).Build())
        .AddPolicy(Roles.Service, Bearer().RequireRole(Roles.Owner, Roles.Service).Build())
        .AddPolicy(Roles.User, Bearer().RequireAssertion(IsServiceOrSelf).Build())
        .AddPolicy(Roles.OwnerOrUser, Bearer().RequireAssertion(context => context.User.IsInRole(Roles.Owner) || IsSelf(context)).Build())
        .AddPolicy(Roles.Any, Bearer().RequireRole(Roles.Owner, Roles.Service, Roles.User).Build());

    private static AuthorizationPolicyBuilder Bearer() => new AuthorizationPolicyBuilder(JwtBearerDefaults.AuthenticationScheme).RequireAuthenticatedUser();

    private static bool IsServiceOrSelf(AuthorizationHandlerContext context) =>
        context.User.IsInRole(Roles.Owner) || context.User.IsInRole(Roles.Service) || IsSelf(context);

    private static bool IsSelf(AuthorizationHandlerContext context) =>
        context.User.IsInRole(Roles.User) && context.Resource is HttpContext http && context.User.FindFirst("sub")?.Value == UserRoute.Id(http);
}
