using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Delivery;

/// <summary>A sender whose outcomes are the test's.</summary>
internal sealed class SenderOfTests(Channel channel, Func<SendJob, CancellationToken, Task<Outcome>> send) : IChannelSender
{
    public Channel Channel => channel;

    public TimeSpan HardEnd => TimeSpan.FromSeconds(30);

    public List<SendJob> Jobs { get; } = [];

    public Task<Outcome> Send(SendJob job, CancellationToken hardEnd)
    {
        Jobs.Add(job);
        return send(job, hardEnd);
    }
}
