using System.Net.Security;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using MimeKit;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;
using OrleansNotify.Templates;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Channels.Email;

/// <summary>A sender and the SMTP server that it sends to, on one clock.</summary>
internal sealed class EmailRig : IAsyncDisposable, ILogger<EmailSender>
{
    public const string To = "bob@mail.example";

    private static readonly Lazy<TemplateCatalog> Templates = new(LoadTemplates);

    private readonly Channel<string> _logged = System.Threading.Channels.Channel.CreateUnbounded<string>();

    public WatchedClock Clock { get; } = new();
    public Inbox Inbox { get; private set; } = null!;
    public Faults Faults { get; } = new();
    public SandboxSmtpServer Server { get; private set; } = null!;
    public EmailSender Sender { get; private set; } = null!;
    public UnsubscribeLinks Links { get; } = new(new EphemeralDataProtectionProvider());

    public static async Task<EmailRig> Start(
        SmtpServerOptions? server = null, Func<EmailOptions, EmailOptions>? with = null, RemoteCertificateValidationCallback? trust = null)
    {
        EmailRig rig = new();
        rig.Inbox = new Inbox(rig.Clock);
        rig.Server = await SandboxSmtpServer.StartAsync(server ?? new SmtpServerOptions { DemandsQualifiedHello = true }, rig.Inbox, rig.Faults, rig.Clock);
        rig.Sender = rig.NewSender(rig.Server.Port, with, trust);
        return rig;
    }

    public EmailSender NewSender(int port, Func<EmailOptions, EmailOptions>? with = null, RemoteCertificateValidationCallback? trust = null)
    {
        EmailOptions email = new() { Host = "127.0.0.1", Port = port, From = "Alerts <alerts@notify.example>" };
        NotifyOptions options = new() { ServiceId = "test", PublicUrl = "https://notify.example", Email = with is null ? email : with(email) };
        return new EmailSender(options, Links, Clock, this, trust);
    }

    public static MessageTemplate Template(string name) => Templates.Value.Find(name)!;

    public SendJob Job(string template = "note", object? vars = null, string? to = To, TimeSpan? turn = null) => new()
    {
        MessageId = Guid.CreateVersion7(Clock.GetUtcNow()),
        UserId = "u-1",
        Template = Template(template),
        Vars = TemplateVars.Parse(System.Text.Json.JsonSerializer.Serialize(vars ?? new { subject = "Hello", body = "Good day" })),
        Locale = "en",
        To = new Addresses { Email = to },
        LifeLeft = TimeSpan.FromHours(1),
        Turn = turn is { } left ? new Turn(Clock, left) : Turn.Unlimited,
    };

    public Task<Outcome> Send(SendJob? job = null, CancellationToken? hardEnd = null) =>
        Sender.Send(job ?? Job(), hardEnd ?? TestContext.Current.CancellationToken);

    public void Reply(SmtpStage stage, int code, string text, int times = 1) =>
        Faults.Add(Receiver.Email, new Fault { Kind = FaultKind.Reply, Stage = stage, Status = code, Text = text }, times);

    public void Fault(SmtpStage stage, FaultKind kind, TimeSpan delay = default, int times = 1) =>
        Faults.Add(Receiver.Email, new Fault { Kind = kind, Stage = stage, Delay = delay }, times);

    public DeliveredMail[] Mails => [.. Inbox.Items.Cast<DeliveredMail>()];

    /// <summary>The last mail, as a mail program reads it.</summary>
    public MimeMessage Read() => MimeMessage.Load(new MemoryStream(Mails[^1].Raw.ToArray()));

    /// <summary>The last mail, as it came over the wire.</summary>
    public string Raw() => Encoding.Latin1.GetString(Mails[^1].Raw.Span);

    /// <summary>The next line of the log.</summary>
    public ValueTask<string> Logged() => _logged.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Sender.DisposeAsync();
        await Server.DisposeAsync();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _logged.Writer.TryWrite($"{logLevel}: {formatter(state, exception)}");

    private static TemplateCatalog LoadTemplates()
    {
        var folder = Directory.CreateTempSubdirectory("orleans-notify-mails");
        try
        {
            Write("note", "type: note", "<p>{{ body }}</p>");
            Write("lesson", "type: education\nunsubscribable: true", "<p>{{ body }}</p>{% if unsubscribe_url %}<a href=\"{{ unsubscribe_url }}\">no more</a>{% endif %}");
            Write("endless", "type: note", "{% for item in items %}{{ item }}{% endfor %}");
            return TemplateCatalog.Load(folder.FullName, "https://notify.example");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Write(string name, string manifest, string html)
        {
            var directory = folder.CreateSubdirectory(name).FullName;
            File.WriteAllText(Path.Combine(directory, "template.yaml"), $$"""
                description: For tests.
                {{manifest}}
                variables:
                  subject: { required: true, sample: Hello, description: The subject. }
                  body: { required: true, sample: Good day, description: The text. }
                  items: { required: false, sample: [1], default: [], description: What there is no end of. }

                """);
            File.WriteAllText(Path.Combine(directory, "email.subject.liquid"), "{{ subject }}");
            File.WriteAllText(Path.Combine(directory, "email.html.liquid"), html);
            File.WriteAllText(Path.Combine(directory, "email.text.liquid"), "{{ body }}");
        }
    }
}
