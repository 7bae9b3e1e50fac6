using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Metrics;

namespace OrleansNotify.Tests.Host.Api;

public sealed class AdmissionTests
{
    private readonly Admission _admission = new(most: 4);
    private readonly TaskCompletionSource _gate = new();

    [Fact]
    public async Task Beyond_what_a_host_takes_at_a_time_is_a_503_that_says_when_to_ask_again()
    {
        Task[] taken = [Pass(), Pass(), Pass(), Pass()];
        var refused = Request();
        await _admission.Pass(refused, _ => throw new InvalidOperationException("not to be reached"));
        Assert.Equal(503, refused.Response.StatusCode);
        Assert.Equal("1", refused.Response.Headers.RetryAfter);
        Assert.All(taken, each => Assert.False(each.IsCompleted));

        _gate.SetResult();
        await Task.WhenAll(taken);
        Assert.True(await Reaches(Request()));
    }

    [Fact]
    public async Task A_request_that_fails_gives_its_place_back()
    {
        for (var time = 0; time < 5; time++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => _admission.Pass(Request(), _ => throw new InvalidOperationException()));
        Assert.True(await Reaches(Request()));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3 * 65_536, true)]
    [InlineData(4 * 65_536, false)]
    [InlineData(null, false)]
    public async Task A_large_body_counts_for_more_and_so_does_one_that_does_not_tell_its_length(int? length, bool passes) =>
        Assert.Equal(passes, await Reaches(Request(length)));

    [Fact]
    public async Task The_api_has_such_a_bound()
    {
        await using var api = await ApiHost.Start();
        var never = new TaskCompletionSource<Receipt>();
        api.Grains.User("u").OnSend = _ => never.Task;
        const string Message = """{"user_id":"u","template_name":"t"}""";
        List<Task<Answer>> asked = [];
        while (asked.Count < Admission.Usual + 200 && !asked.Any(answer => answer.IsCompleted)) asked.Add(api.Ask("POST", "/api/v1/messages", Message));
        var first = await await Task.WhenAny(asked);
        Assert.Equal(Reasons.HostBusy, first.IsProblem(503).Reason);
        never.SetResult(new Receipt { Status = ReceiptStatus.Accepted, MessageId = Guid.NewGuid() });
        var answers = await Task.WhenAll(asked);
        Assert.True(answers.Count(answer => answer.Code == 202) >= Admission.Usual, "as many as it takes are taken");
    }

    private Task Pass() => _admission.Pass(Request(), _ => _gate.Task);

    private async Task<bool> Reaches(HttpContext context)
    {
        var reached = false;
        await _admission.Pass(context, _ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        return reached;
    }

    // Without a length there is a body of unknown length; with none at all, a GET.
    private static DefaultHttpContext Request(int? length = 0)
    {
        DefaultHttpContext context = new() { RequestServices = new ServiceCollection().AddLogging().AddSingleton(new NotifyMetrics(Prometheus.Metrics.NewCustomRegistry())).BuildServiceProvider() };
        context.Request.ContentLength = length;
        if (length != 0) context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        return context;
    }

    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
