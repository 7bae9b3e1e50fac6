using OrleansNotify.Delivery;

namespace OrleansNotify.EndToEnd.Faults.Node;

/// <summary>A sender, with the points before it is asked and after the provider's answer.</summary>
internal sealed class DyingSender(IChannelSender sender, KillSwitch kill) : IChannelSender
{
    public Channel Channel => sender.Channel;

    public TimeSpan HardEnd => sender.HardEnd;

    public async Task<Outcome> Send(SendJob job, CancellationToken hardEnd)
    {
        kill.Pass(KillPoints.BeforeSend);
        var outcome = await sender.Send(job, hardEnd);
        if (outcome.Kind == OutcomeKind.Sent) kill.Pass(KillPoints.AfterSend);
        return outcome;
    }
}
