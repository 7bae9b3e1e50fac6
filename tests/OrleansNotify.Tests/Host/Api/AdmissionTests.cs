using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Host.Api;

public sealed class AdmissionTests
{
    private readonly Admission _admission = new(mostRequests: 4, mostBytes: 800);
    private readonly TaskCompletionSource _gate = new();

    [Fact]
    public async Task Beyond_what_a_host_takes_at_a_time_is_a_503_that_says_when_to_ask_again()
    {
        Task[] taken = [Pass("a"), Pass("a"), Pass("a"), Pass("b")];
        var refused = Request("c");
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

    [Fact]
    public async Task One_caller_has_three_quarters_of_it_and_a_person_sixteen_at_a_time()
    {
        Task[] taken = [Pass("a"), Pass("a"), Pass("a")];
        var refused = Request("a");
        await _admission.Pass(refused, _ => throw new InvalidOperationException("not to be reached"));
        Assert.Equal((429, "1"), (refused.Response.StatusCode, refused.Response.Headers.RetryAfter.ToString()));
        Assert.True(await Reaches(Request("b")));
        _gate.SetResult();
        await Task.WhenAll(taken);
        Assert.True(await Reaches(Request("a")));

        Admission large = new(mostRequests: 1000, mostBytes: 800);
        TaskCompletionSource open = new();
        Task[] person = [.. Enumerable.Range(0, Admission.OfOnePerson).Select(_ => large.Pass(Request("p", Roles.User), _ => open.Task))];
        refused = Request("p", Roles.User);
        await large.Pass(refused, _ => throw new InvalidOperationException("not to be reached"));
        Assert.Equal(429, refused.Response.StatusCode);
        open.SetResult();
        await Task.WhenAll(person);
    }

    [Fact]
    public async Task A_body_counts_by_what_has_come_of_it_and_its_request_once_it_is_whole()
    {
        List<Admission.Place> places = [];
        Task Hold(string caller) => _admission.Pass(Request(caller, hasBody: true), context =>
        {
            places.Add(context.Features.GetRequiredFeature<Admission.Place>());
            return _gate.Task;
        });
        Task[] taken = [Hold("a"), Hold("a"), Hold("a"), Hold("b"), Hold("b"), Hold("c")];
        Assert.True(await Reaches(Request("d")), "nobody has sent anything yet");
        Assert.Null(places[0].Take(600));
        Assert.NotNull(places[1].Take(1));
        Assert.Null(places[3].Take(200));
        Assert.NotNull(places[5].Take(1));
        Assert.All(places.Take(4), place => Assert.Null(place.Begin()));
        Assert.NotNull(places[4].Begin());
        _gate.SetResult();
        await Task.WhenAll(taken);
        IResult? again = null;
        await _admission.Pass(Request("a", hasBody: true), context =>
        {
            again = context.Features.GetRequiredFeature<Admission.Place>().Take(600);
            return Task.CompletedTask;
        });
        Assert.Null(again);
    }

    [Fact]
    public async Task The_api_has_such_a_bound()
    {
        await using var api = await ApiHost.Start();
        var never = new TaskCompletionSource<Receipt>();
        api.Grains.User("u").OnSend = _ => never.Task;
        const string Message = """{"user_id":"u","template_name":"t"}""";
        List<Task<Answer>> asked = [];
        while (asked.Count < Admission.Usual + 200 && !asked.Any(answer => answer.IsCompleted))
            asked.Add(api.Ask("POST", "/api/v1/messages", Message, token: api.Token(sub: $"caller-{asked.Count % 2}")));
        var first = await await Task.WhenAny(asked);
        Assert.Equal(Reasons.HostBusy, first.IsProblem(503).Reason);
        never.SetResult(new Receipt { Status = ReceiptStatus.Accepted, MessageId = Guid.NewGuid() });
        var answers = await Task.WhenAll(asked);
        Assert.True(answers.Count(answer => answer.Code == 202) >= Admission.Usual, "as many as it takes are taken");
    }

    private Task Pass(string caller) => _admission.Pass(Request(caller), _ => _gate.Task);

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

    private static DefaultHttpContext Request(string caller = "a", string role = Roles.Service, bool hasBody = false)
    {
        DefaultHttpContext context = new()
        {
            RequestServices = new ServiceCollection().AddLogging().AddSingleton(TestMetrics.New()).BuildServiceProvider(),
            User = new(new ClaimsIdentity([new("sub", caller), new("role", role)], "test", "sub", "role")),
        };
        if (!hasBody) return context;
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new AcceptsMetadata(["application/json"])), null));
        return context;
    }

    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
