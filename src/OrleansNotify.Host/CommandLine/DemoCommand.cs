using System.CommandLine;
using System.Net.NetworkInformation;
using OrleansNotify.Host.Demo;
using OrleansNotify.Host.Settings;

namespace OrleansNotify.Host.CommandLine;

/// <summary><c>demo</c>: everything on this machine, and alerts on their way through it.</summary>
internal static class DemoCommand
{
    private const int NotAllArrived = 1;

    /// <summary>Settings of real providers: a demo must not write to anybody.</summary>
    private static readonly string[] Providers =
    [
        "SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_PASSWORD_FILE", "SMTP_SECURITY", "SMTP_FROM", "SMTP_FROM_ALLOWLIST",
        "SMTP_EHLO", "SMTP_MAX_CONNECTIONS",
        "TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN_FILE", "TELEGRAM_API_BASE_URL",
        "VAPID_PUBLIC_KEY", "VAPID_PRIVATE_KEY", "VAPID_PRIVATE_KEY_FILE", "VAPID_CLAIM_EMAIL", "PUSH_ALLOWED_ORIGINS",
    ];

    public static Command Make()
    {
        Option<bool> once = new("--once") { Description = "Ends when every message has arrived: 0, or 1 with what is missing." };
        Command command = new("demo", "Starts everything on this machine, sends alerts to a user over three channels, and shows what becomes of them.") { once };
        command.SetAction((parsed, cancellation) => Run(parsed.GetValue(once), cancellation));
        return command;
    }

    private static async Task<int> Run(bool once, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        var own = Directory.CreateTempSubdirectory("orleans-notify-demo-");
        try
        {
            await using var host = await NotifyHost.Start("Development", Settings(own), cancellation: cancellation);
            Console.Out.WriteLine(StartText.Of(host, TimeProvider.System.GetElapsedTime(began)));
            var missing = await DemoRun.Show(host, cancellation);
            foreach (var line in missing) Console.Error.WriteLine("Not delivered: " + line);
            if (once) return missing.Count == 0 ? 0 : NotAllArrived;
            Console.Out.WriteLine(DemoRun.Links(host));
            await host.WaitForSignal();
            return 0;
        }
        finally
        {
            own.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string?> Settings(DirectoryInfo own)
    {
        var settings = Providers.ToDictionary(key => key, _ => (string?)null);
        var configuration = NotifyHost.NewBuilder("Development").Configuration;
        if (configuration["NOTIFY_DATA_DIR"] is null) settings["NOTIFY_DATA_DIR"] = Path.Combine(own.FullName, "data");
        if (configuration["URLS"] is null && IsTaken(new Uri(ListenAddresses.Default).Port)) settings["URLS"] = "http://127.0.0.1:0";
        return settings;
    }

    private static bool IsTaken(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port);
}
