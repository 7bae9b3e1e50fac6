using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

public sealed class TemplateWatcherTests
{
    [Fact]
    public async Task A_change_is_served_once_the_files_are_calm()
    {
        using var files = TemplateFiles.With(("telegram.liquid", "one"));
        var catalog = files.Load();
        using var clock = new OneTimer();
        using var watcher = new TemplateWatcher(catalog, clock, _ => Assert.Fail("The files are not broken."));

        files.Write("t/telegram.liquid", "two");

        Assert.Equal(TemplateWatcher.Calm, await clock.Armed());
        Assert.Equal("one", catalog.Find("t")!.RenderTelegram(TemplateVars.Empty, "en"));
        clock.Fire();
        Assert.Equal("two", catalog.Find("t")!.RenderTelegram(TemplateVars.Empty, "en"));
    }

    [Fact]
    public async Task Files_that_come_go_and_are_renamed_are_noticed()
    {
        using var files = TemplateFiles.With(("telegram.liquid", "one"));
        var catalog = files.Load();
        using var clock = new OneTimer();
        using var watcher = new TemplateWatcher(catalog, clock, _ => Assert.Fail("The files are not broken."));

        files.Write("t/push.json.liquid", """{"title":"x"}""");
        await Until(() => catalog.Find("t")!.Has(Channel.Push));
        File.Delete(Path.Combine(files.Directory, "t/telegram.liquid"));
        await Until(() => !catalog.Find("t")!.Has(Channel.Telegram));
        Directory.Move(Path.Combine(files.Directory, "t"), Path.Combine(files.Directory, "u"));
        await Until(() => catalog.Find("u") is not null && catalog.Find("t") is null);

        async Task Until(Func<bool> served)
        {
            do
            {
                await clock.Armed();
                clock.Fire();
            }
            while (!served());
        }
    }

    [Fact]
    public async Task Broken_files_are_told_of_and_the_old_templates_stay()
    {
        using var files = TemplateFiles.With(("telegram.liquid", "one"));
        var catalog = files.Load();
        var told = new List<Exception>();
        using var clock = new OneTimer();
        using var watcher = new TemplateWatcher(catalog, clock, told.Add);

        files.Write("t/telegram.liquid", "1.5");
        await clock.Armed();
        clock.Fire();

        Assert.Equal(
            ["t/telegram.liquid:1: With the samples: Telegram would refuse it: '.' is reserved and must be escaped with a backslash."],
            Assert.IsType<TemplateLoadException>(Assert.Single(told)).Problems);
        Assert.Equal("one", catalog.Find("t")!.RenderTelegram(TemplateVars.Empty, "en"));
    }

    /// <summary>A clock whose only timer the test waits for and fires.</summary>
    private sealed class OneTimer : TimeProvider, ITimer
    {
        private readonly SemaphoreSlim _armed = new(0);
        private TimerCallback? _callback;
        private TimeSpan _due;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = callback;
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime;
            _armed.Release();
            return true;
        }

        public async Task<TimeSpan> Armed()
        {
            Assert.True(await _armed.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken), "The timer was not armed: no change was seen.");
            return _due;
        }

        public void Fire() => _callback!(null);

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
