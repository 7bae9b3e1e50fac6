using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansNotify.Tests.Channels.Email;

/// <summary>A server whose every word is the test's: for what no sane server says.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedServer() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task<Conversation> Accept() =>
        new(await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken));

    /// <summary>Accepts, greets and answers EHLO with these extensions.</summary>
    public async Task<Conversation> Greet(params string[] extensions)
    {
        var conversation = await Accept();
        await conversation.Says("220 ready");
        await conversation.Hears("EHLO ");
        string[] lines = ["test", .. extensions];
        for (var i = 0; i < lines.Length; i++) await conversation.Says($"250{(i < lines.Length - 1 ? '-' : ' ')}{lines[i]}");
        return conversation;
    }

    public void Dispose() => _listener.Dispose();

    internal sealed class Conversation(TcpClient client) : IDisposable
    {
        private readonly StreamReader _reader = new(client.GetStream(), Encoding.Latin1);

        public async Task Says(string line) =>
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);

        public async Task Hears(string start)
        {
            var line = await _reader.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.StartsWith(start, line, StringComparison.Ordinal);
        }

        /// <summary>Reads to the line with the final dot.</summary>
        public async Task HearsMessage()
        {
            while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) != ".")
            {
            }
        }

        /// <summary>Reads what the client still says, until it has gone.</summary>
        public async Task HearsTheEnd()
        {
            try
            {
                await _reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                // Gone without a word.
            }
        }

        public void Dispose() => client.Dispose();
    }
}
