using Microsoft.IdentityModel.Protocols;

namespace OrleansNotify.Host.Auth;

/// <summary>Fetches an authority's metadata and keys, and knows whether the last fetch failed.</summary>
internal sealed partial class AuthorityDocuments(IDocumentRetriever documents, TimeProvider clock, ILogger log) : IDocumentRetriever
{
    // Each request with a token asks while there are no keys: they must not stand in line before an authority that hangs.
    private static readonly TimeSpan NextTry = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _failedAt;
    private Exception? _fault;

    /// <summary>Whether the authority could not be asked the last time.</summary>
    public bool IsAway
    {
        get
        {
            lock (_gate) return _fault is not null;
        }
    }

    /// <inheritdoc/>
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_fault is not null && clock.GetUtcNow() - _failedAt < NextTry) throw new IOException("The authority did not answer a moment ago.", _fault);
        }

        try
        {
            var document = await documents.GetDocumentAsync(address, cancel);
            Note(null);
            return document;
        }
        catch (Exception fault)
        {
            Note(fault);
            throw;
        }
    }

    private void Note(Exception? fault)
    {
        bool was;
        lock (_gate)
        {
            was = _fault is not null;
            (_fault, _failedAt) = (fault, clock.GetUtcNow());
        }

        if (fault is not null && !was) LogAway(log, fault);
        else if (fault is null && was) LogBack(log);
    }

    [LoggerMessage(LogLevel.Error, "The authority that issues the tokens does not answer (NOTIFY_JWT_AUTHORITY); tokens that need its keys are answered with 503")]
    private static partial void LogAway(ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Information, "The authority that issues the tokens answers again")]
    private static partial void LogBack(ILogger log);
}
