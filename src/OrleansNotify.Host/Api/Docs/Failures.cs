namespace OrleansNotify.Host.Api.Docs;

/// <summary>Statuses with which a route may fail, beside those that follow from its input and its policy.</summary>
internal sealed record Failures(int[] Statuses);

internal static class FailuresExtensions
{
    /// <summary>Documents with which statuses this route may fail.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params int[] statuses) => route.WithMetadata(new Failures(statuses));
}
