using System.Net;
using System.Net.Sockets;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>Between the hosts and their Redis; can hold the answers back, so that what was asked is done and nobody knows.</summary>
internal sealed class LateProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _server;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private long _late;

    public LateProxy(int server)
    {
        _server = server;
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = Accept();
    }

    public int Port { get; } = FreePort.Find();

    /// <summary>How late each answer comes.</summary>
    public TimeSpan Late
    {
        set => Interlocked.Exchange(ref _late, value.Ticks);
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = Serve(client);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Serve(TcpClient client)
    {
        using TcpClient near = client, far = new();
        near.NoDelay = far.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
            await Task.WhenAny(Pump(near, far, answers: false), Pump(far, near, answers: true));
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            // No server there: the client finds its connection closed.
        }
    }

    private async Task Pump(TcpClient from, TcpClient to, bool answers)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, _end.Token)) > 0)
            {
                if (answers && Interlocked.Read(ref _late) is var late and > 0) await Task.Delay(new TimeSpan(late), _end.Token);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // One side is gone, and with it the other.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        _end.Dispose();
    }
}
