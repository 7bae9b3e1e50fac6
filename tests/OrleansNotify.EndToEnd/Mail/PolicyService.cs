using System.Net;
using System.Net.Sockets;

namespace OrleansNotify.EndToEnd.Mail;

/// <summary>What Postfix asks about each recipient (its SMTPD_POLICY_README): the answer is an action, such as <c>DUNNO</c> or a refusal.</summary>
internal sealed class PolicyService : IAsyncDisposable
{
    public const string GoOn = "DUNNO";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<Task<string>> _answer;
    private readonly Task _accepting;

    public PolicyService(Func<Task<string>> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private async Task Accept()
    {
        List<Task> talking = [];
        try
        {
            while (true) talking.Add(Talk(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(talking);
        }
    }

    private async Task Talk(TcpClient client)
    {
        using var postfix = client;
        using StreamReader reader = new(postfix.GetStream());
        await using StreamWriter writer = new(postfix.GetStream()) { AutoFlush = true };
        try
        {
            // Attributes, one a line, and an empty line.
            while (await reader.ReadLineAsync(_stopping.Token) is { } line)
                if (line.Length == 0) await writer.WriteAsync($"action={await _answer().WaitAsync(_stopping.Token)}\n\n");
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // Postfix has gone, or the test has ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }
}
