using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansNotify.Channels.Http;
using OrleansNotify.Delivery;
using OrleansNotify.Templates;
using OrleansNotify.Users;

namespace OrleansNotify.Channels.Push;

/// <summary>Sends a web push (RFC 8030, 8291, 8292) to each of a user's devices, side by side.</summary>
internal sealed class PushSender : IChannelSender, IDisposable
{
    private const int Connections = 64, DetailBytes = 4096, ShortestSecret = 16;

    // What push services keep at the most.
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(30);

    private readonly TimeProvider _clock;
    private readonly EndpointPolicy _policy;
    private readonly VapidTokens _tokens;
    private readonly ProviderConnections _connections;
    private readonly HttpClient _http;
    private readonly string _ourKey;

    public PushSender(PushOptions options, EndpointPolicy policy, TimeProvider clock)
    {
        (_clock, _policy, _ourKey) = (clock, policy, options.VapidPublicKey);
        _tokens = new VapidTokens(new VapidKeys(options.VapidPublicKey, options.VapidPrivateKey), options.ClaimEmail, clock);
        _connections = new ProviderConnections(policy.MayConnect);
        _http = _connections.CreateClient(Connections);
    }

    public Channel Channel => Channel.Push;

    public TimeSpan HardEnd => TimeSpan.FromSeconds(30);

    public async Task<Outcome> Send(SendJob job, CancellationToken hardEnd)
    {
        byte[] text;
        try
        {
            text = job.Template.RenderPush(job.Vars, job.Locale, job.MessageId);
        }
        catch (TemplateRenderException fault)
        {
            return new Outcome
            {
                Kind = OutcomeKind.Rejected,
                Reason = "template",
                Detail = ProviderText.Clean(fault.Message),
                SpeaksOf = SpeaksOf.Recipient,
            };
        }

        await using TurnGate gate = new(job.Turn, _clock, hardEnd);
        return PushOutcome.Combine(await Task.WhenAll(job.To.Devices.Select(device => Send(job, text, device, gate, hardEnd))));
    }

    public void Dispose()
    {
        _http.Dispose();
        _tokens.Dispose();
    }

    private async Task<DeviceAnswer> Send(SendJob job, byte[] text, PushDevice device, TurnGate gate, CancellationToken hardEnd)
    {
        if (_policy.Check(device.Endpoint, out var url) is { } wrong) return Refuse(device, "endpoint", $"endpoint: {wrong}");
        GatedContent body;
        try
        {
            body = new GatedContent(MessageEncryption.Encrypt(text, device.P256dh, device.Auth), "application/octet-stream", gate);
        }
        catch (CryptographicException)
        {
            return Refuse(device, "keys", "keys.p256dh: Must be a point on P-256.");
        }

        using var request = Request(job, url!, body);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gate.Cancellation);
            return await Read(response, device, url!, gate.Cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            var end = NoAnswer.Read(body.WasWritten, gate.IsOver, hardEnd.IsCancellationRequested, _connections.TakeFailure(url!));
            return new DeviceAnswer(Of(device, url!, end.Kind, end.Reason, end.SpeaksOf));
        }
    }

    private HttpRequestMessage Request(SendJob job, Uri url, GatedContent body)
    {
        body.Headers.ContentEncoding.Add("aes128gcm");
        HttpRequestMessage request = new(HttpMethod.Post, url) { Content = body };
        var life = Math.Clamp((long)job.LifeLeft.TotalSeconds, 0, (long)LongestLife.TotalSeconds);
        request.Headers.TryAddWithoutValidation("Authorization", _tokens.Authorization(EndpointPolicy.Origin(url)));
        request.Headers.TryAddWithoutValidation("TTL", life.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("Urgency", job.Template.Manifest.Urgent ? "high" : "normal");
        // 22 characters of the 32 that a topic may have: a repeat of this message replaces it where it was not delivered yet.
        request.Headers.TryAddWithoutValidation("Topic", Base64Url.EncodeToString(job.MessageId.ToByteArray(bigEndian: true)));
        return request;
    }

    private async Task<DeviceAnswer> Read(HttpResponseMessage response, PushDevice device, Uri url, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var wait = RetryAfter.Of(response.Headers, _clock.GetUtcNow());
        var text = response.IsSuccessStatusCode ? "" : await Text(response, cancellation);
        var answer = PushAnswer.Read(status, url.Host, wait, device.VapidKey == _ourKey, text);
        var outcome = Of(device, url, answer.Kind, answer.Reason, answer.SpeaksOf) with { RetryAfter = answer.RetryAfter, Answered = true };
        if (answer.Kind == OutcomeKind.Sent) return new DeviceAnswer(outcome);
        return new DeviceAnswer(outcome, ProviderText.Clean($"{url.Host} {status} {text}", Secrets(url)));
    }

    // An endpoint is a capability and a token signs for us, and a service may echo either, whole or in part.
    private string[] Secrets(Uri url) =>
    [
        .. $"{url.PathAndQuery} {_tokens.Authorization(EndpointPolicy.Origin(url))}".Split("/?&= ,.".ToCharArray())
            .Where(part => part.Length >= ShortestSecret).SelectMany(part => new[] { part, Uri.UnescapeDataString(part) }),
    ];

    // Where it ends in the middle, the status decides alone.
    private static async Task<string> Text(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var bytes = new byte[DetailBytes];
            using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            return Encoding.UTF8.GetString(bytes, 0, count);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return "";
        }
    }

    private static DeviceAnswer Refuse(PushDevice device, string reason, string detail) => new(
        new DeviceOutcome
        {
            SubscriptionId = device.Id,
            Service = "",
            Kind = OutcomeKind.Rejected,
            Reason = reason,
            SpeaksOf = SpeaksOf.Recipient,
        },
        detail);

    private static DeviceOutcome Of(PushDevice device, Uri url, OutcomeKind kind, string reason, SpeaksOf speaksOf) =>
        new() { SubscriptionId = device.Id, Service = EndpointPolicy.Origin(url), Kind = kind, Reason = reason, SpeaksOf = speaksOf };
}
