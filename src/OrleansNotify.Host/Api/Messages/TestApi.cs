using System.Security.Claims;
using System.Text.Json.Serialization;
using OrleansNotify.Delivery;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;
using OrleansNotify.Users;

namespace OrleansNotify.Host.Api.Messages;

/// <summary>A message now, to see whether a channel works.</summary>
internal static partial class TestApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/messaging/test", Send)
            .WithName("sendTest")
            .WithSummary("Send one message now, and wait for the provider")
            .WithDescription("""
                To the user's address on file, whatever the preferences and quiet hours, outside history. Waits up to ten seconds for a permit
                of the channel's rate limit, and for the provider's answer. Each use is logged.
                """)
            .Produces<TestReport>()
            .Fails(404, 503)
            .WithTags("Messages")
            .RequireAuthorization(Roles.Owner);

    private static async Task<IResult> Send(
        Body<TestBody> body, TestDelivery delivery, ClaimsPrincipal caller, ILoggerFactory logs, CancellationToken cancellation)
    {
        var (user, channel, template, vars) = (body.Value.UserId, body.Value.Channel, body.Value.TemplateName, body.Value.TemplateVars);
        if (!UserId.IsValid(user)) return Problems.Invalid("user_id", UserId.Rule);
        var result = await delivery.Send(user, channel, template, vars, cancellation);
        if (result.Errors is { } errors) return Problems.Invalid(errors);
        var askedBy = caller.Identity?.Name;
        var log = logs.CreateLogger(typeof(TestApi));
        LogTest(log, askedBy, user, channel, template, result.Sent, result.Error);
        if (result.Error == Reasons.UnknownUser) return Problems.NotFound("user", Reasons.UnknownUser);
        return TypedResults.Ok(new TestReport(result.Sent ? TestStatus.Sent : TestStatus.Failed, result.MessageId, result.DeliveryTimeMs, result.Error)
        {
            Detail = result.Detail,
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Caller} sent a test to user {UserId} by {Channel}, template {Template}: sent {Sent}, {Error}")]
    private static partial void LogTest(ILogger log, string? caller, string userId, Channel channel, string template, bool sent, string? error);
}

/// <summary>One attempt, now, to the user's address on file.</summary>
internal sealed record TestBody
{
    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The channel to try.</summary>
    public required Channel Channel { get; init; }

    /// <summary>The template's name.</summary>
    public required string TemplateName { get; init; }

    /// <summary>The template's variables, at most 16 KiB.</summary>
    public TemplateVars TemplateVars { get; init; } = TemplateVars.Empty;
}

/// <summary>Whether the provider took a test message over.</summary>
internal enum TestStatus
{
    /// <summary>It did.</summary>
    Sent,

    /// <summary>It did not, or was not asked; the error says why.</summary>
    Failed,
}

/// <summary>What became of a test message.</summary>
/// <param name="Status">Whether the provider took it over.</param>
/// <param name="MessageId">The id that it went under.</param>
/// <param name="DeliveryTimeMs">From the request to the provider's answer, in milliseconds.</param>
/// <param name="Error">Why not: <c>no_address</c>, <c>channel_not_configured</c>, or the provider's reason in a word; null if it was sent.</param>
internal sealed record TestReport(
    TestStatus Status, Guid MessageId, long DeliveryTimeMs, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Error)
{
    /// <summary>The provider's answer.</summary>
    public string? Detail { get; init; }
}
