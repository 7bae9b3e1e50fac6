using System.Security.Cryptography;
using System.Text;

namespace OrleansNotify.Sandbox.Smtp;

/// <content>AUTH PLAIN and LOGIN (RFC 4954, RFC 4616).</content>
internal sealed partial class SmtpSession
{
    private async ValueTask Authenticate(string argument)
    {
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!_greeted || _authenticated || _from is not null) await Wrong(503, "5.5.1 Not now");
        else if (_options.User is null) await Wrong(502, "5.5.1 Command not implemented");
        else if (MustEncrypt) await Wrong(530, "5.7.0 Must issue a STARTTLS command first");
        else if (words.Length is 0 or > 2) await Wrong(501, "5.5.4 AUTH mechanism [initial-response]");
        else if (await Misbehaves(SmtpStage.Auth)) return;
        else await Check(words[0].ToUpperInvariant(), words.Length == 2 ? words[1] : null);
    }

    private async ValueTask Check(string mechanism, string? initial)
    {
        string?[] given;
        switch (mechanism)
        {
            case "PLAIN":
                // authorization identity, user, password
                given = (initial is null ? await Ask("") : Decode(initial))?.Split('\0')[1..] ?? [];
                break;
            case "LOGIN":
                var user = initial is null ? await Ask("Username:") : Decode(initial);
                given = user is null ? [] : [user, await Ask("Password:")];
                break;
            default:
                await Wrong(504, "5.5.4 Unrecognized authentication type");
                return;
        }

        if (given is not [{ } name, { } password]) await Wrong(501, "5.5.2 Malformed or cancelled authentication");
        else if (!(Same(name, _options.User!) & Same(password, _options.Password))) await Wrong(535, "5.7.8 Username and password not accepted");
        else
        {
            _authenticated = true;
            await wire.Answer(235, "2.7.0 Accepted");
        }
    }

    private async ValueTask<string?> Ask(string prompt)
    {
        await wire.Answer(334, Convert.ToBase64String(Encoding.ASCII.GetBytes(prompt)));
        return Decode(await ReadCommand());
    }

    private static string? Decode(string? base64)
    {
        if (base64 is null) return null;
        if (base64 == "=") return "";
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
