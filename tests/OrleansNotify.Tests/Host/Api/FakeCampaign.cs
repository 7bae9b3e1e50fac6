using System.Collections.Immutable;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>The list of campaigns: keeps what it was asked, and answers what the test put here.</summary>
internal sealed class FakeCampaignList : ICampaignListGrain
{
    public List<(CampaignFilter Filter, string? Cursor, int Limit)> Asked { get; } = [];
    public Page<CampaignView> Page { get; set; } = new() { Items = [] };

    public Task<Page<CampaignView>> List(CampaignFilter filter, string? cursor, int limit)
    {
        Asked.Add((filter, cursor, limit));
        return Task.FromResult(Page);
    }
}

/// <summary>A campaign's grain: keeps what it was asked, and answers what the test put here.</summary>
internal sealed class FakeCampaign(Guid id) : ICampaignGrain
{
    private readonly TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A grain takes one call at a time.</summary>
    private readonly Lock _turn = new();
    private int _mostInOneCall, _lines;

    public List<CampaignSettings> Begun { get; } = [];
    public List<CampaignRecipient> Recipients { get; } = [];
    public List<CampaignLineError> Failed { get; } = [];
    public List<string> Turns { get; } = [];
    public int Completed { get; private set; }
    public int Abandoned { get; private set; }
    public List<(CampaignRecipientState? State, string? Cursor, int Limit)> Asked { get; } = [];
    public Page<CampaignRecipientView>? Page { get; set; }
    public bool KeepsRecipients { get; set; } = true;

    /// <summary>The most lines that came in one call, and how many came in all.</summary>
    public (int Most, int All) Lines => (_mostInOneCall, _lines);

    /// <summary>Ends when the first lines have come.</summary>
    public Task Added => _added.Task.WaitAsync(TestContext.Current.CancellationToken);

    public CampaignUpload Upload { get; set; } = new() { Upload = 1 };
    public Func<Task<bool>> OnAdd { get; set; } = () => Task.FromResult(true);
    public bool IsCurrent { get; set; } = true;
    public CampaignView? View { get; set; }

    public Task<CampaignUpload> Begin(CampaignSettings settings)
    {
        lock (_turn) Begun.Add(settings);
        return Task.FromResult(Upload);
    }

    public Task<bool> Add(int upload, ImmutableArray<CampaignRecipient> recipients, ImmutableArray<CampaignLineError> failed)
    {
        Assert.Equal(Upload.Upload, upload);
        lock (_turn)
        {
            _mostInOneCall = Math.Max(_mostInOneCall, recipients.Length + failed.Length);
            _lines += recipients.Length + failed.Length;
            if (KeepsRecipients) Recipients.AddRange(recipients);
            Failed.AddRange(failed);
        }

        _added.TrySetResult();
        return OnAdd();
    }

    public Task<CampaignReceipt?> Complete(int upload)
    {
        Assert.Equal(Upload.Upload, upload);
        lock (_turn)
        {
            Completed++;
            return Task.FromResult(IsCurrent
                ? new CampaignReceipt { CampaignId = id, Queued = _lines - Failed.Count, Failed = Failed.Count, Errors = [.. Failed.Take(100)] }
                : null);
        }
    }

    public Task Abandon(int upload)
    {
        Assert.Equal(Upload.Upload, upload);
        Abandoned++;
        return Task.CompletedTask;
    }

    Task<Page<CampaignRecipientView>?> ICampaignGrain.Recipients(CampaignRecipientState? state, string? cursor, int limit)
    {
        Asked.Add((state, cursor, limit));
        return Task.FromResult(Page);
    }

    public Task<CampaignView?> Get() => Turn("get");

    public Task<CampaignView?> Pause() => Turn("pause");

    public Task<CampaignView?> Resume() => Turn("resume");

    public Task<CampaignView?> Cancel() => Turn("cancel");

    private Task<CampaignView?> Turn(string word)
    {
        Turns.Add(word);
        return Task.FromResult(View);
    }
}
