using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Tests.Described;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Clients;

/// <summary>Clients that generators make of <c>/openapi/v1.json</c>, driven through every route of a running host.</summary>
public sealed class ClientsTests : IDisposable
{
    // Of what is made up there is none, what is settled cannot be changed, and the example's push service is none of this host's.
    private static bool IsFine(string operation, int status) =>
        status is 200 or 201 or 202 or 204 or 404 or 409 || (operation == "addPushSubscription" && status == 400);

    /// <summary>What must succeed for the rest to mean anything.</summary>
    private static readonly string[] s_needed =
        ["putUser", "getUser", "putPreferences", "getPreferences", "sendMessage", "sendMessages", "explainMessage", "listMessages", "createCampaign", "listTemplates", "previewTemplate"];

    private readonly string _folder = Directory.CreateTempSubdirectory("notify-clients-").FullName;

    [Fact]
    public async Task A_CSharp_client_made_by_NSwag_reaches_every_route_and_mutes_nothing()
    {
        await using Running running = await Running.Start(_folder);
        using HttpClient http = new() { BaseAddress = new Uri(running.Host.Url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", HostProcess.Token);
        var client = await CSharpClient.Make(running.File, _folder, http);
        Dictionary<string, int> answers = [];
        foreach (var operation in running.Operations)
        {
            var (status, problem) = await client.Call(operation.Id, operation.RequestExample?.ToJsonString(), (name, type) =>
                operation.PathNames.Contains(name) ? Convert(Argument(name), type) : type.IsValueType ? Activator.CreateInstance(type) : null);
            Assert.True(IsFine(operation.Id, status), $"{operation.Id}: {status} {problem}");
            answers[operation.Id] = status;
        }

        Assert.All(s_needed, name => Assert.InRange(answers[name], 200, 299));
        Assert.True(client.New("MessageBody").Fallback);
        Assert.True(client.New("Preferences").Urgent_during_quiet_hours);
        Assert.Equal("""{"urgent_during_quiet_hours":true}""", CSharpClient.Written(client.New("Preferences")));
    }

    [Fact]
    public async Task A_TypeScript_client_made_by_openapi_typescript_reaches_every_route()
    {
        await using Running running = await Running.Start(_folder);
        var lines = await TypeScriptClient.Run(running.File, _folder, running.Operations, Argument, running.Host.Url, HostProcess.Token);
        var answers = lines.Select(line => line.Split(' ', 3)).ToDictionary(words => words[0], words => (Status: int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), words[2]));
        Assert.Equal(running.Operations.Select(operation => operation.Id).Order(), answers.Keys.Order());
        Assert.All(answers, answer => Assert.True(IsFine(answer.Key, answer.Value.Status), $"{answer}"));
        Assert.All(s_needed, name => Assert.InRange(answers[name].Status, 200, 299));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static object Convert(string text, Type type) =>
        type == typeof(Guid) ? Guid.Parse(text) : type.IsEnum ? Enum.Parse(type, text, ignoreCase: true) : text;

    private static string Argument(string name) => name switch
    {
        "id" => "u-1842",
        "name" => "welcome",
        "type" => "education",
        "channel" => "email",
        "letter_id" => $"{Guid.Empty:N}-1",
        _ when name.EndsWith("_id", StringComparison.Ordinal) && name != "subscription_id" => $"{Guid.CreateVersion7()}",
        _ => "x",
    };

    private sealed record Running(HostStore Store, Providers Providers, HostProcess Host, string File, IReadOnlyList<ApiOperation> Operations) : IAsyncDisposable
    {
        public static async Task<Running> Start(string folder)
        {
            var store = await HostStore.Start(StoreKind.Redis);
            var providers = await Providers.Start();
            var host = await HostProcess.Start(store.Environment().With(providers.Environment));
            using HostApi api = new(host);
            foreach (var user in (string[])["u-1842", "u-1843"]) await api.SetUser(user, email: $"{user}@b.example");
            var text = await api.GetText("/openapi/v1.json");
            var file = Path.Combine(folder, "v1.json");
            await System.IO.File.WriteAllTextAsync(file, text);
            // What takes away comes last.
            return new(store, providers, host, file, [.. new ApiDescription(text).Operations.OrderBy(each => each.Method == "DELETE").ThenBy(each => each.Method != "PUT")]);
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await Providers.DisposeAsync();
            await Store.DisposeAsync();
        }
    }
}
