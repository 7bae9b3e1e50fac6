using System.Text;

namespace OrleansNotify.Sandbox.Smtp;

/// <summary>One conversation (RFC 5321), from the greeting to the end of the connection.</summary>
internal sealed partial class SmtpSession(SmtpWire wire, SandboxSmtpServer server)
{
    private const int MaxCommand = 2048;

    /// <summary>How long a client may take to go after it was told that the conversation is over.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly SmtpServerOptions _options = server.Options;
    private bool _greeted, _authenticated, _over;
    private string _hello = "";
    private int _errors;

    /// <summary>Talks until either side ends it.</summary>
    public async Task Run()
    {
        if (_options.Security == SmtpServerSecurity.Tls) await wire.StartTls(server.Certificate);
        if (await Misbehaves(SmtpStage.Greeting)) _over = true;
        else await wire.Answer(220, $"{_options.HostName} ESMTP sandbox");
        while (!_over)
        {
            var line = await ReadCommand();
            if (line is null) return;
            await Obey(line);
        }

        await wire.HangUp().WaitAsync(Farewell, server.Clock, server.Stopping);
    }

    private async ValueTask<string?> ReadCommand()
    {
        var line = await wire.ReadLine();
        if (line.IsEmpty) return null;
        var tooLong = line.Length > MaxCommand;
        while (line.Span[^1] != '\n')
        {
            tooLong = true;
            line = await wire.ReadLine();
            if (line.IsEmpty) return null;
        }

        return tooLong ? "" : Encoding.Latin1.GetString(line.Span).TrimEnd('\r', '\n');
    }

    private ValueTask Obey(string line)
    {
        var space = line.IndexOf(' ');
        var verb = space < 0 ? line : line[..space];
        var argument = space < 0 ? "" : line[(space + 1)..].Trim(' ');
        return verb.ToUpperInvariant() switch
        {
            "EHLO" => Hello(argument, extended: true),
            "HELO" => Hello(argument, extended: false),
            "MAIL" => Mail(argument),
            "RCPT" => Recipient(argument),
            "DATA" => Data(argument),
            "RSET" => Reset(argument),
            "NOOP" => wire.Answer(250, "2.0.0 Ok"),
            "VRFY" => wire.Answer(252, "2.5.2 Send it and see"),
            "STARTTLS" => StartTls(argument),
            "AUTH" => Authenticate(argument),
            "QUIT" => Quit(),
            "EXPN" or "HELP" or "TURN" => Wrong(502, "5.5.1 Command not implemented"),
            _ => Wrong(500, "5.5.2 Command not recognized"),
        };
    }

    private ValueTask Hello(string name, bool extended)
    {
        if (name.Length == 0) return Wrong(501, "5.5.4 Say who you are");
        _greeted = true;
        _hello = name;
        Forget();
        if (!extended) return wire.Answer(250, _options.HostName);
        List<string> lines = [_options.HostName, "PIPELINING", "8BITMIME", $"SIZE {_options.MaxMessageBytes}", "ENHANCEDSTATUSCODES"];
        if (MustEncrypt) lines.Add("STARTTLS");
        else if (_options.User is not null) lines.Add("AUTH PLAIN LOGIN");
        return wire.Answer(250, string.Join('\n', lines));
    }

    private bool MustEncrypt => _options.Security == SmtpServerSecurity.StartTls && !wire.IsSecure;

    private async ValueTask StartTls(string argument)
    {
        if (_options.Security != SmtpServerSecurity.StartTls) await Wrong(502, "5.5.1 Command not implemented");
        else if (wire.IsSecure) await Wrong(503, "5.5.1 TLS is already active");
        else if (argument.Length > 0) await Wrong(501, "5.5.4 STARTTLS takes no argument");
        else
        {
            await wire.Answer(220, "2.0.0 Ready to start TLS");
            await wire.StartTls(server.Certificate);
            _greeted = false;
            Forget();
        }
    }

    private async ValueTask Quit()
    {
        await wire.Answer(221, "2.0.0 Bye");
        _over = true;
    }

    private async ValueTask Wrong(int code, string text)
    {
        _over = ++_errors >= _options.MaxErrors;
        if (_over) (code, text) = (421, "4.7.0 Too many errors");
        await wire.Answer(code, text);
    }

    /// <summary>Does what it is told to do wrong at this point, if anything; true if that stands in for what it should have done.</summary>
    private async ValueTask<bool> Misbehaves(SmtpStage stage, params string?[] recipients)
    {
        var fault = recipients.DefaultIfEmpty()
            .Select(to => server.Faults.Take(Receiver.Email, to, stage))
            .FirstOrDefault(taken => taken is not null);
        switch (fault?.Kind)
        {
            case FaultKind.Reply:
                await wire.Answer(fault.Status, fault.Text ?? "");
                _over = fault.Status == 421;
                return true;
            case FaultKind.Delay:
                await wire.Flush();
                await Task.Delay(fault.Delay, server.Clock, server.Stopping);
                return false;
            case FaultKind.Hang:
                await wire.Drain();
                return true;
            case FaultKind.DropBefore or FaultKind.DropAfter:
                if (fault.Kind == FaultKind.DropAfter && stage == SmtpStage.EndOfData) Deliver();
                await wire.Flush();
                throw new ConnectionCut();
            default:
                return false;
        }
    }
}

/// <summary>The server cuts the connection because it was told to.</summary>
internal sealed class ConnectionCut : IOException;
