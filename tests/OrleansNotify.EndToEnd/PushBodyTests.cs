using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class PushBodyTests
{
    [Fact]
    public async Task A_push_of_ours_is_read_by_an_implementation_that_is_not_ours()
    {
        ConcurrentQueue<(string Path, string Authorization, byte[] Body)> received = new();
        await using var service = await StartPushService(received);
        Uri endpoint = new(new Uri(service.Urls.First()), "/devices/1");
        using var device = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = device.ExportParameters(includePrivateParameters: true);
        var auth = RandomNumberGenerator.GetBytes(16);
        var vapid = VapidPair.Make();
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(HostEnvironment.Push(endpoint, vapid)));
        using HostApi api = new(host);
        await api.Ask(HttpMethod.Post, "/api/v1/users/ada/push-subscriptions", new
        {
            endpoint,
            keys = new { p256dh = Base64Url.EncodeToString([4, .. key.Q.X!, .. key.Q.Y!]), auth = Base64Url.EncodeToString(auth) },
        }, HttpStatusCode.Created);

        var id = await api.SendAlert("ada", "push");
        await api.WaitFor("ada", id, "sent", TimeSpan.FromSeconds(20));

        Assert.True(received.TryDequeue(out var push));
        var (exitCode, output) = await NodeProgram.Run("decrypt.mjs", JsonSerializer.Serialize(new
        {
            body = Base64Url.EncodeToString(push.Body),
            authorization = push.Authorization,
            privateKey = Base64Url.EncodeToString(key.D!),
            auth = Base64Url.EncodeToString(auth),
        }));
        Assert.Equal(0, exitCode);
        var read = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal(endpoint.GetLeftPart(UriPartial.Authority), read.GetProperty("claims").GetProperty("aud").GetString());
        Assert.Equal("mailto:ops@notify.example", read.GetProperty("claims").GetProperty("sub").GetString());
        var shown = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(read.GetProperty("text").GetString()));
        Assert.Contains("EURUSD", shown.ToString(), StringComparison.Ordinal);
        Assert.Equal((id, id), (shown.GetProperty("id").GetString(), shown.GetProperty("tag").GetString()));
        Assert.Equal("/devices/1", push.Path);
        Assert.Empty(received);
    }

    private static async Task<WebApplication> StartPushService(ConcurrentQueue<(string Path, string Authorization, byte[] Body)> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/devices/{id}", async (HttpRequest request) =>
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body);
            received.Enqueue((request.Path, request.Headers.Authorization.ToString(), body.ToArray()));
            return Results.StatusCode(StatusCodes.Status201Created);
        });
        await app.StartAsync();
        return app;
    }
}
