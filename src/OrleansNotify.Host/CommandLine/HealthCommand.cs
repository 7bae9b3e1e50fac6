using System.CommandLine;
using OrleansNotify.Host.Settings;

namespace OrleansNotify.Host.CommandLine;

/// <summary><c>health</c>: whether the host of the same settings is ready. For images without a shell and curl.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Make()
    {
        Command command = new("health", "Asks the host that runs with the same ASPNETCORE_URLS whether it is ready; exits 0 if it is, 1 if not.");
        command.SetAction((_, cancellation) => Ask(cancellation));
        return command;
    }

    private static async Task<int> Ask(CancellationToken cancellation)
    {
        var urls = NotifyHost.NewBuilder().Configuration["URLS"] ?? ListenAddresses.Default;
        using HttpClient http = new() { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(ListenAddresses.ForBrowser(urls.Split(';')[0]), "readyz"), cancellation);
            Console.Out.WriteLine(await answer.Content.ReadAsStringAsync(cancellation));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }
}
