using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OrleansNotify.EndToEnd.Pages;

/// <summary>What a browser complains of while it shows a page: errors in its console, in scripts, requests that fail.</summary>
internal sealed class PageComplaints
{
    private readonly ConcurrentQueue<string> _all = new();

    public PageComplaints(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _all.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _all.Enqueue($"script: {error}");
        page.RequestFailed += (_, request) => _all.Enqueue($"request: {request.Url} {request.Failure}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400) _all.Enqueue($"answer: {response.Url} {response.Status}");
        };
    }

    public IReadOnlyCollection<string> All => _all;
}
