using System.Text;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;
using OrleansNotify.Tests.Channels.Email;

namespace OrleansNotify.Tests.Sandbox.Smtp;

/// <summary>An SMTP server with its inbox, its faults and its clock.</summary>
internal sealed class SmtpServerRig : IAsyncDisposable
{
    public WatchedClock Clock { get; } = new();
    public Inbox Inbox { get; private set; } = null!;
    public Faults Faults { get; } = new();
    public SandboxSmtpServer Server { get; private set; } = null!;

    public static async Task<SmtpServerRig> Start(SmtpServerOptions? options = null)
    {
        SmtpServerRig rig = new();
        rig.Inbox = new Inbox(rig.Clock);
        rig.Server = await SandboxSmtpServer.StartAsync(options ?? new SmtpServerOptions(), rig.Inbox, rig.Faults, rig.Clock);
        return rig;
    }

    public string[] Mails => [.. Inbox.Items.Cast<DeliveredMail>().Select(mail => Encoding.Latin1.GetString(mail.Raw.Span))];

    public void Fault(SmtpStage stage, FaultKind kind, int status = 0, string? text = null, string? to = null, TimeSpan delay = default) =>
        Faults.Add(Receiver.Email, new Fault { Kind = kind, Stage = stage, Status = status, Text = text, Delay = delay }, to: to);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
