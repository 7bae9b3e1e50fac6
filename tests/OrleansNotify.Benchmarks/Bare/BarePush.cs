using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansNotify.Channels.Push;

namespace OrleansNotify.Benchmarks.Bare;

/// <summary>HttpClient and the platform's cryptography: one body encrypted for each message, one token for all.</summary>
internal sealed class BarePush : IBareClient
{
    /// <summary>Holds the one device that everything goes to, as its browser describes it.</summary>
    public const string DeviceVariable = "BARE_PUSH_DEVICE";

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
    private readonly byte[] _text;
    private readonly string _endpoint, _token;
    private readonly byte[] _device, _auth;

    /// <param name="text">The payload.</param>
    public BarePush(byte[] text)
    {
        using var document = JsonDocument.Parse(Environment.GetEnvironmentVariable(DeviceVariable)!);
        var subscription = document.RootElement;
        _text = text;
        _endpoint = subscription.GetProperty("endpoint").GetString()!;
        var keys = subscription.GetProperty("keys");
        _device = Base64Url.DecodeFromChars(keys.GetProperty("p256dh").GetString());
        _auth = Base64Url.DecodeFromChars(keys.GetProperty("auth").GetString());
        _token = Token(new Uri(_endpoint));
    }

    private static string Token(Uri endpoint)
    {
        VapidKeys keys = new(Environment.GetEnvironmentVariable("VAPID_PUBLIC_KEY")!, Environment.GetEnvironmentVariable("VAPID_PRIVATE_KEY")!);
        using VapidTokens tokens = new(keys, Environment.GetEnvironmentVariable("VAPID_CLAIM_EMAIL")!, TimeProvider.System);
        return tokens.Authorization(EndpointPolicy.Origin(endpoint));
    }

    public Task<IBareConnection> Connect() => Task.FromResult<IBareConnection>(new Connection(this));

    private async Task Send()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _endpoint);
        request.Content = new ByteArrayContent(MessageEncryption.Encrypt(_text, _device, _auth));
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.TryAddWithoutValidation("TTL", "86400");
        request.Headers.TryAddWithoutValidation("Authorization", _token);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    // The loops share one client: none of them closes it.
    private sealed class Connection(BarePush client) : IBareConnection
    {
        public Task Send(int number) => client.Send();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
