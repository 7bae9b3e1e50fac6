using System.Globalization;

namespace OrleansNotify.Sandbox.Smtp;

/// <content>The mail transaction: MAIL, RCPT, DATA.</content>
internal sealed partial class SmtpSession
{
    private readonly List<string> _recipients = [];
    private string? _from;
    private IncomingMessage? _message;

    private void Forget()
    {
        _from = null;
        _recipients.Clear();
    }

    private ValueTask Reset(string argument)
    {
        if (argument.Length > 0) return Wrong(501, "5.5.4 RSET takes no argument");
        Forget();
        return wire.Answer(250, "2.0.0 Ok");
    }

    private async ValueTask Mail(string argument)
    {
        if (!_greeted) await Wrong(503, "5.5.1 Say EHLO first");
        else if (MustEncrypt) await Wrong(530, "5.7.0 Must issue a STARTTLS command first");
        else if (_options.User is not null && !_authenticated) await Wrong(530, "5.7.0 Authentication required");
        else if (_from is not null) await Wrong(503, "5.5.1 Nested MAIL command");
        else if (SmtpPath.Parse(argument, "FROM:", mayBeEmpty: true) is not { } path) await Wrong(501, "5.1.7 Bad sender address syntax");
        else if (await IsRefused(path.Parameters) || await Misbehaves(SmtpStage.MailFrom)) return;
        else
        {
            _from = path.Address;
            await wire.Answer(250, "2.1.0 Ok");
        }
    }

    private async ValueTask<bool> IsRefused(string[] parameters)
    {
        foreach (var parameter in parameters)
        {
            var (name, value) = parameter.Split('=', 2) is [var left, var right] ? (left.ToUpperInvariant(), right) : (parameter, "");
            if (name == "SIZE" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                if (size <= _options.MaxMessageBytes) continue;
                await Wrong(552, "5.3.4 Message size exceeds fixed limit");
                return true;
            }

            if (name == "BODY" && value.ToUpperInvariant() is "7BIT" or "8BITMIME") continue;
            await Wrong(555, "5.5.4 Unsupported parameter");
            return true;
        }

        return false;
    }

    private async ValueTask Recipient(string argument)
    {
        if (_from is null) await Wrong(503, "5.5.1 Need MAIL first");
        else if (SmtpPath.Parse(argument, "TO:", mayBeEmpty: false) is not { } path) await Wrong(501, "5.1.3 Bad recipient address syntax");
        else if (path.Parameters.Length > 0) await Wrong(555, "5.5.4 Unsupported parameter");
        else if (_recipients.Count >= _options.MaxRecipients) await Wrong(452, "4.5.3 Too many recipients");
        else if (_options.DemandsQualifiedHello && !IsQualified(_hello)) await Wrong(504, $"5.5.2 <{_hello}>: Helo command rejected: need fully-qualified hostname");
        else if (await Misbehaves(SmtpStage.RcptTo, path.Address)) return;
        else
        {
            _recipients.Add(path.Address);
            await wire.Answer(250, "2.1.5 Ok");
        }
    }

    private static bool IsQualified(string name) => name.Contains('.', StringComparison.Ordinal) || name is ['[', .., ']'];

    private async ValueTask Data(string argument)
    {
        if (_from is null) await Wrong(503, "5.5.1 Need MAIL first");
        else if (_recipients.Count == 0) await Wrong(554, "5.5.1 No valid recipients");
        else if (argument.Length > 0) await Wrong(501, "5.5.4 DATA takes no argument");
        else if (await Misbehaves(SmtpStage.Data, [.. _recipients])) return;
        else
        {
            await wire.Answer(354, "End data with <CR><LF>.<CR><LF>");
            if (await ReadMessage()) await TakeOver();
            else _over = true;
            Forget();
        }
    }

    private async ValueTask<bool> ReadMessage()
    {
        _message = new IncomingMessage(_options.MaxMessageBytes);
        do
        {
            while (wire.TryTakeLine(out var line))
                if (_message.Take(line.Span)) return true;
        }
        while (await wire.Fill());
        return false;
    }

    private async ValueTask TakeOver()
    {
        if (_message!.Wrong is { } wrong) await Wrong(int.Parse(wrong.AsSpan(0, 3), CultureInfo.InvariantCulture), wrong[4..]);
        else if (!await Misbehaves(SmtpStage.EndOfData, [.. _recipients])) await wire.Answer(250, $"2.0.0 Ok: queued as {Deliver():X}");
    }

    private long Deliver()
    {
        var raw = _message!.Bytes.ToArray();
        foreach (var recipient in _recipients)
            server.Inbox.Add(new DeliveredMail { From = _from!, To = recipient, Raw = raw });
        return server.NextQueueId();
    }
}
