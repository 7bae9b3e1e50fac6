using System.CommandLine;
using System.Globalization;
using OrleansNotify.Host.Auth;
using OrleansNotify.Host.Settings;

namespace OrleansNotify.Host.CommandLine;

/// <summary><c>token</c>: mints a bearer token with the secret of the host's settings.</summary>
internal static class TokenCommand
{
    public static Command Make()
    {
        Option<string> sub = new("--sub")
        {
            Description = "Whom the token is for; with --role user, the user's id",
            DefaultValueFactory = _ => "owner",
        };
        Option<string> role = new("--role") { Description = "What it allows", DefaultValueFactory = _ => Roles.Owner };
        role.AcceptOnlyFromAmong(Roles.Owner, Roles.Service, Roles.User);
        Option<string> expires = new("--expires")
        {
            Description = "How long it is good for: a number and s, m, h or d, at most 3650d",
            DefaultValueFactory = _ => "24h",
        };
        expires.Validators.Add(result =>
        {
            if (LifeOf(result.GetValueOrDefault<string>()) is null) result.AddError("--expires: a number and s, m, h or d, such as 12h; at most 3650d");
        });
        Command command = new(
            "token",
            "Prints a bearer token, signed with the first secret of NOTIFY_JWT_SECRET; in Development without one, with the secret in the data folder.")
        {
            sub, role, expires,
        };
        command.SetAction(parsed =>
        {
            var secret = Secret();
            Console.Out.WriteLine(
                JwtTokens.Mint(secret, parsed.GetRequiredValue(sub), parsed.GetRequiredValue(role), LifeOf(parsed.GetRequiredValue(expires))!.Value, TimeProvider.System));
            return 0;
        });
        return command;
    }

    /// <summary>Reads <c>90s</c>, <c>15m</c>, <c>12h</c>, <c>30d</c>.</summary>
    internal static TimeSpan? LifeOf(string? text)
    {
        if (text is not { Length: > 1 } || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0) return null;
        double? seconds = text[^1] switch
        {
            's' => number,
            'm' => number * 60.0,
            'h' => number * 3600.0,
            'd' => number * 86400.0,
            _ => null,
        };
        return seconds <= TimeSpan.FromDays(3650).TotalSeconds ? TimeSpan.FromSeconds(seconds.Value) : null;
    }

    private static string Secret()
    {
        var builder = NotifyHost.NewBuilder();
        var development = builder.Environment.EnvironmentName == Environments.Development;
        SettingValues values = new(builder.Configuration);
        var jwt = TokenSettings.Read(values, development);
        if (values.Problems.Count > 0) throw new SettingsException(values.Problems);
        jwt ??= DevelopmentSecret.In(SettingsReader.DataDirectory(values));
        return jwt.Secrets is [var secret, ..]
            ? secret
            : throw new SettingsException(["NOTIFY_JWT_AUTHORITY: its tokens are made by the authority, not here"]);
    }
}
