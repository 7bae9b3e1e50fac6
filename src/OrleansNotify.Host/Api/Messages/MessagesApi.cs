using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Api.Messages;

/// <summary>Routes that ask for messages.</summary>
internal static class MessagesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/messages").WithTags("Messages").RequireAuthorization(Roles.Service);
        messages.MapPost("/", Send).AddEndpointFilter(InTime.Filter);
        messages.MapPost("/batch", SendBatch).WithMetadata(new BodyLimit(Batch.MaxBytes));
    }

    private static async Task<IResult> Send(Body<MessageBody> body, IGrainFactory grains)
    {
        if (body.Value.Errors() is { } errors) return Problems.Invalid(errors);
        return ReceiptAnswer.Of(await grains.GetGrain<IUserGrain>(body.Value.UserId).Send(body.Value.Request()));
    }

    private static async Task<IResult> SendBatch(Batch batch, BatchSending sending) => TypedResults.Ok(await sending.Send(batch.Items));
}
