using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansNotify.Tests.Sandbox.Smtp;

/// <summary>A client that says exactly what a test wants to be said.</summary>
internal sealed class SmtpTalk : IDisposable
{
    private readonly TcpClient _tcp;
    private Stream _stream;
    private StreamReader _reader;

    private SmtpTalk(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
        _reader = new StreamReader(_stream, Encoding.Latin1);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SmtpTalk> Connect(int port)
    {
        TcpClient tcp = new() { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        return new SmtpTalk(tcp);
    }

    /// <summary>Connects, reads the greeting and says EHLO.</summary>
    public static async Task<SmtpTalk> Greet(int port)
    {
        var talk = await Connect(port);
        await talk.Hears("220 ");
        await talk.Says("EHLO test");
        return talk;
    }

    /// <summary>Sends a line and returns the answer, its lines joined by line feeds.</summary>
    public async Task<string> Says(string line)
    {
        await Sends(line + "\r\n");
        return await Reads();
    }

    public async Task Sends(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancellation);

    /// <summary>Sends a text, if the server does not close the connection before, and says that it was all.</summary>
    public async Task SendsAll(string text)
    {
        try
        {
            await Sends(text);
            _tcp.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            // The server had enough.
        }
    }

    public async Task Hears(string start) => Assert.StartsWith(start, await Reads(), StringComparison.Ordinal);

    /// <summary>The next answer; empty when the server has closed the connection.</summary>
    public async Task<string> Reads()
    {
        StringBuilder answer = new();
        while (true)
        {
            string? line;
            try
            {
                line = await _reader.ReadLineAsync(Cancellation);
            }
            catch (IOException)
            {
                line = null;
            }

            if (line is null) return answer.ToString();
            answer.Append(answer.Length == 0 ? "" : "\n").Append(line);
            if (line.Length < 4 || line[3] != '-') return answer.ToString();
        }
    }

    public async Task Encrypts(X509Certificate2 expected)
    {
        SslStream tls = new(_stream, leaveInnerStreamOpen: false, (_, shown, _, _) => expected.Equals(shown));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancellation);
        _stream = tls;
        _reader = new StreamReader(tls, Encoding.Latin1);
    }

    /// <summary>Goes through MAIL, RCPT and DATA, so that the message may follow.</summary>
    public async Task OpensMessage(params string[] recipients)
    {
        Assert.StartsWith("250 ", await Says("MAIL FROM:<a@b.example>"));
        foreach (var recipient in recipients) Assert.StartsWith("250 ", await Says($"RCPT TO:<{recipient}>"));
        Assert.StartsWith("354 ", await Says("DATA"));
    }

    public void Dispose() => _tcp.Dispose();
}
