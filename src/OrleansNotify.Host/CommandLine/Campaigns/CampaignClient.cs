using System.IO.Pipelines;
using System.Net.Http.Headers;
using OrleansNotify.Host.Api.Campaigns;
using OrleansNotify.Host.Api.Input;

namespace OrleansNotify.Host.CommandLine.Campaigns;

/// <summary>A running host's campaigns, over HTTP.</summary>
internal sealed class CampaignClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    public CampaignClient(Uri url, string token)
    {
        Url = url;
        // An upload takes as long as it takes. The token is for this address alone.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = Patience })
        {
            BaseAddress = new Uri(url, "api/v1/campaigns/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
    }

    public Uri Url { get; }

    /// <summary>Uploads an audience, one recipient a line; it may be gzip.</summary>
    public async Task<HostAnswer<CampaignReceipt>> Upload(Stream lines, QueryString settings, CancellationToken cancellation)
    {
        var body = PipeReader.Create(lines);
        var head = (await body.ReadAtLeastAsync(4, cancellation)).Buffer;
        var isGzip = FileKind.Of(head) == FileKind.Gzip;
        body.AdvanceTo(head.Start);
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(_http.BaseAddress!, "../campaigns" + settings)) { Content = new StreamContent(body.AsStream()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CampaignInput.Ndjson);
        if (isGzip) request.Content.Headers.ContentEncoding.Add(FileKind.Gzip);
        // What is wrong with the settings is told before all of it is sent.
        request.Headers.ExpectContinue = true;
        return await Send<CampaignReceipt>(request, cancellation);
    }

    /// <summary>Asks for a campaign's progress, or turns it.</summary>
    public async Task<HostAnswer<CampaignView>> Ask(HttpMethod method, Guid campaign, string path, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await Send<CampaignView>(new HttpRequestMessage(method, $"{campaign}{path}"), patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return HostAnswer<CampaignView>.Silent(Url, $"nothing came within {Patience.TotalSeconds} s.");
        }
    }

    private async Task<HostAnswer<T>> Send<T>(HttpRequestMessage request, CancellationToken cancellation)
        where T : class
    {
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, cancellation);
                return await HostAnswer<T>.Read(response, cancellation);
            }
            catch (HttpRequestException fault)
            {
                return HostAnswer<T>.Silent(Url, fault.InnerException?.Message ?? fault.Message);
            }
        }
    }

    public void Dispose() => _http.Dispose();
}
