using System.Globalization;

namespace OrleansNotify.Host.Demo;

/// <summary>One message of the demo, as it was last seen.</summary>
internal sealed class DemoMessage(string alert, Channel channel, Receipt receipt)
{
    public string Alert => alert;

    public Channel Channel => channel;

    public MessageView? View { get; private set; }

    /// <summary>Nothing more will happen; nor with what was not stored.</summary>
    public bool IsSettled => receipt.MessageId is null || View?.Status >= MessageStatus.Sent;

    /// <summary>The status, or why there is no message.</summary>
    public string Status => View?.Status.ToString() ?? $"{receipt.Status} {receipt.Reason}".TrimEnd();

    public async Task Look(IUserGrain user) => View = await user.GetMessage(receipt.MessageId!.Value) ?? View;

    /// <summary>What has happened so far, each with the milliseconds since the accept.</summary>
    public string Timeline() => View is null
        ? ""
        : string.Join(" → ", View.Events.Select(e => string.Create(
            CultureInfo.InvariantCulture, $"{Word(e)} {(e.At - View.CreatedAt).TotalMilliseconds:0} ms")));

    /// <summary>All of it on one line, for output that is not a terminal.</summary>
    public string Line() => $"{Status,-12} {channel,-9} {alert,-24} {Timeline()}";

    public override string ToString() => $"{alert} by {channel}: {Status}";

    private static string Word(MessageEvent e) => e.Type == MessageEventType.Attempt ? $"attempt {e.Outcome}" : e.Type.ToString().ToLowerInvariant();
}
