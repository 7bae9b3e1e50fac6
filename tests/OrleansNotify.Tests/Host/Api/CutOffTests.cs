using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>Whose body is cut off is a caller's fault, or his network's: answered where he hears it, and no line of the log.</summary>
public sealed class CutOffTests
{
    [Theory]
    [InlineData("/api/v1/messages", "application/json", true)]
    [InlineData("/api/v1/messages/batch", "application/json", true)]
    [InlineData("/api/v1/campaigns?name=n&template_name=welcome", "application/x-ndjson", true)]
    [InlineData("/unsubscribe/x", "application/x-www-form-urlencoded", true)]
    [InlineData("/api/v1/messages", "application/json", false)]
    [InlineData("/api/v1/messages/batch", "application/json", false)]
    [InlineData("/api/v1/campaigns?name=n&template_name=welcome", "application/x-ndjson", false)]
    [InlineData("/unsubscribe/x", "application/x-www-form-urlencoded", false)]
    public async Task A_body_that_is_cut_off_is_no_line_of_the_log(string path, string media, bool listens)
    {
        await using var api = await ApiHost.Start();
        using (TcpClient client = new())
        {
            await client.ConnectAsync("127.0.0.1", api.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.Token()}\r\nContent-Type: {media}\r\nContent-Length: 1000\r\n\r\n{{\"user_id\":\"u\"}}\n{{"),
                TestContext.Current.CancellationToken);
            if (listens)
            {
                client.Client.Shutdown(SocketShutdown.Send);
                using StreamReader reader = new(stream);
                var answer = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
                Assert.Matches("^HTTP/1.1 4", answer ?? "HTTP/1.1 4, and nobody left to hear it");
            }
            else
            {
                client.Client.LingerState = new LingerOption(true, 0);
            }
        }

        await Poll.Until(
            () => Task.FromResult(api.Logs.GetSnapshot().Any(line => line.Id.Name == "ConnectionStop")), () => "end of the connection", TimeSpan.FromSeconds(20));
        Assert.DoesNotContain(api.Logs.GetSnapshot(), line => line.Level >= LogLevel.Warning);
        Assert.DoesNotContain(api.Grains.Campaigns.Values, campaign => campaign.Completed > 0);
    }
}
