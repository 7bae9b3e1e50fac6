using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MimeKit;
using OrleansNotify.Channels.Email;
using OrleansNotify.Host;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Host.Store;

namespace OrleansNotify.Tests.Host;

/// <summary>A whole host that logs all that there is to log.</summary>
public sealed class UnsubscribeLogTests
{
    [Fact]
    public async Task An_unsubscribe_link_is_in_no_log_line_at_any_level()
    {
        using TempFolder folder = new();
        Lines lines = new();
        await using (var host = await NotifyHost.Start(
            "Development",
            new Dictionary<string, string?>
            {
                ["NOTIFY_DATA_DIR"] = folder.Path,
                ["URLS"] = "http://127.0.0.1:0",
                // Before each setting of the host's own that is quieter.
                ["Logging:Lines:LogLevel:Default"] = "Trace",
            },
            services => services.AddSingleton<ILoggerProvider>(lines),
            TestContext.Current.CancellationToken))
        {
            // The link of a real mail; and what a browser and a mail program make of it.
            var user = host.App.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserGrain>("ann");
            await Eventually.True(async () => await IsKnown(user));
            await Eventually.True(async () => (await user.Send(Given.Insight)).Status == ReceiptStatus.Accepted);
            string? link = null;
            await Eventually.True(() => (link = host.Sandbox!.Server.Inbox.Items.OfType<DeliveredMail>().Select(LinkOf).FirstOrDefault()) is not null);
            var token = link!.Split('/')[^1];
            Assert.True(host.App.Services.GetRequiredService<UnsubscribeLinks>().TryRead(token, out _, out _));

            using HttpClient http = new() { BaseAddress = host.Url };
            foreach (var path in new[] { $"/unsubscribe/{token}", $"/UNSUBSCRIBE/{token}?a=b", $"/unsubscribe/{token}/subscribe", $"/x/unsubscribe/{token}", $"/unsubscribe/{token[..^1]}" })
                foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Head, HttpMethod.Put })
                {
                    using HttpRequestMessage request = new(method, path);
                    using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
                    await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                }

            Assert.Contains(lines.All, line => line.Contains("/unsubscribe/hidden", StringComparison.Ordinal));
            Assert.DoesNotContain(lines.All, line => line.Contains(token[..^1], StringComparison.Ordinal));
        }
    }

    // A host that has just started on a slow machine may find its store slow for a moment.
    private static async Task<bool> IsKnown(IUserGrain user)
    {
        try
        {
            return (await user.SetUser(new UserUpdate { Email = "ann@b.example" })).Succeeded;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private static string LinkOf(DeliveredMail mail)
    {
        using MemoryStream raw = new(mail.Raw.ToArray());
        return MimeMessage.Load(raw).Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>');
    }

    /// <summary>Keeps every line, its values and the scopes that it is in.</summary>
    [ProviderAlias("Lines")]
    private sealed class Lines : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider? _scopes;

        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Logger(Lines lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => lines._scopes?.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                lines.All.Enqueue($"{category} {formatter(state, exception)} {exception}");
                if (state is IEnumerable<KeyValuePair<string, object?>> values) lines.All.Enqueue(string.Join(' ', values));
                lines._scopes?.ForEachScope((scope, all) => all.Enqueue(scope is IEnumerable<KeyValuePair<string, object>> pairs ? string.Join(' ', pairs) : $"{scope}"), lines.All);
            }
        }
    }
}
