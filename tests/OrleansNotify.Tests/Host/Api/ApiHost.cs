using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;
using OrleansNotify.Host.Api;
using OrleansNotify.Host.Auth;
using OrleansNotify.Host.Store;
using OrleansNotify.Metrics;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Delivery;
using OrleansNotify.Tests.Described;
using OrleansNotify.Tests.Templates;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>The API's real routes on a real Kestrel, before users that answer as the test says.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string Secret = "a-secret-for-tests-of-32-bytes-and-more";

    private readonly WebApplication _app;
    private readonly DescribedAnswers _described = new(new SocketsHttpHandler());

    private ApiHost(WebApplication app, FakeGrains grains, TestClock clock)
    {
        (_app, Grains, Clock) = (app, grains, clock);
        Http = new HttpClient(_described) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public FakeGrains Grains { get; }
    public TestClock Clock { get; }
    public HttpClient Http { get; }
    public IEnumerable<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public static NotifyOptions Options { get; } = new()
    {
        ServiceId = "tests",
        PublicUrl = "https://notify.example",
        Push = new() { VapidPublicKey = "BPublic", VapidPrivateKey = "private", ClaimEmail = "ops@b.example" },
    };

    /// <summary>Makes the tokens that the API takes.</summary>
    public static UnsubscribeLinks Links { get; } = new(new EphemeralDataProtectionProvider());

    /// <param name="jwt">Whose tokens are taken; those of <see cref="Token"/> unless it is told.</param>
    /// <param name="environment">Production, Development.</param>
    /// <param name="write">What becomes of a look at the store; it is well unless it is told.</param>
    public static async Task<ApiHost> Start(JwtSettings? jwt = null, string environment = "Production", Func<Task>? write = null)
    {
        var (factory, grains) = FakeGrains.Create();
        var clock = new TestClock();
        var email = new SenderOfTests(Channel.Email, (_, _) => Task.FromResult(new Outcome { Kind = OutcomeKind.Sent, Detail = "250 ok" }));
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders().AddFakeLogging().SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Debug).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.None);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // The server's own clock does not stand still.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinRequestBodyDataRate = null);
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(factory).AddSingleton(Options);
        builder.Services.AddSingleton(Shipped.Catalog).AddSingleton<IChannelSender>(email);
        builder.Services.AddSingleton(Links);
        // No channel has a limit here, so nobody asks for a permit, and no user has a channel whose lane would be looked at.
        StoreClock storeClock = new(clock);
        Keys keys = new(Options.ServiceId);
        builder.Services.AddSingleton(storeClock).AddSingleton(new PermitStore(null!, keys, storeClock)).AddSingleton(new LaneStore(null!, keys, storeClock));
        builder.Services.AddSingleton(new StoreHealth(write ?? (() => Task.CompletedTask), freeBytes: null, clock));
        var registry = Prometheus.Metrics.NewCustomRegistry();
        builder.Services.AddSingleton(registry).AddSingleton(new NotifyMetrics(registry));
        builder.AddNotifyApi(jwt ?? new JwtSettings { Secrets = [Secret] });
        var app = builder.Build();
        app.MapNotifyApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiHost(app, grains, clock);
    }

    /// <summary>What it has logged, from warnings on, and each connection's end.</summary>
    public FakeLogCollector Logs => _app.Services.GetFakeLogCollector();

    /// <summary>What the API says of itself.</summary>
    public Task<ApiDescription> Description() => _described.Description(Http.BaseAddress!, TestContext.Current.CancellationToken);

    public string Token(string role = Roles.Service, string sub = "tests", TimeSpan? lifetime = null, string secret = Secret) =>
        JwtTokens.Mint(secret, sub, role, lifetime ?? TimeSpan.FromHours(1), Clock);

    /// <summary>Asks with a token of this role, or with <paramref name="token"/>.</summary>
    public async Task<Answer> Ask(string method, string path, string? body = null, string role = Roles.Owner, string? token = null, string media = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token(role));
        // A body that may be refused unread waits for a sign, or the answer would be lost with the connection.
        request.Headers.ExpectContinue = body?.Length > 1 << 20;
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, media);
        return await Answer.Of(await Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>How many requests were refused for a reason, as Prometheus reads it.</summary>
    public async Task<double> Refused(string reason)
    {
        using MemoryStream text = new();
        await _app.Services.GetRequiredService<Prometheus.CollectorRegistry>().CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        var line = Encoding.UTF8.GetString(text.ToArray()).Split('\n').Single(line => line.StartsWith($"requests_refused_total{{reason=\"{reason}\"}}", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What the API answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ContentType, HttpResponseHeaders Headers, string Text)
{
    public int Code => (int)Status;

    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>The fields that an error names.</summary>
    public string[] Fields => Json.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(error => error.Name)] : [];

    public string? Reason => Json.TryGetProperty("reason", out var reason) ? reason.GetString() : null;

    public static async Task<Answer> Of(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new(response.StatusCode, response.Content.Headers.ContentType?.ToString(), response.Headers, text);
        }
    }

    /// <summary>Asserts that this is an error in its proper form.</summary>
    public Answer IsProblem(int code)
    {
        Assert.True(Code == code, $"{Code} instead of {code}: {Text}");
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(code, Json.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(Json.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrEmpty(Json.GetProperty("detail").GetString()));
        return this;
    }
}
