using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Receiving;

/// <summary>The receiver's own program: the sandbox, which only counts, and a few routes that tell what it took.</summary>
internal static class Receiver
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);

    public static async Task<int> Run()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { CountOnly = true, InboxCapacity = int.MaxValue }, TimeProvider.System);
        var vapid = VapidPair.Make();
        ConcurrentDictionary<string, int> devices = new();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/device/{number:int}", (int number) => Device(sandbox, vapid, devices, number));
        app.MapGet("/wait/{count:int}", (int count) => Wait(sandbox.Inbox, count));
        app.MapGet("/arrivals", () => sandbox.Inbox.Items.Select(item => new Arrival(NumberOf(item, devices), item.At)));
        app.MapGet("/arrival/{number:int}", (int number, HttpContext http) => Wait(sandbox.Inbox, item => NumberOf(item, devices) == number, http.RequestAborted));
        app.MapGet("/count", () => sandbox.Inbox.Items.Length);
        app.MapPost("/forget", sandbox.Inbox.Clear);
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        var environment = HostEnvironment.Smtp(sandbox.SmtpPort).With(
            HostEnvironment.Telegram(new Uri(sandbox.BotApiUrl), sandbox.BotToken), HostEnvironment.Push(new Uri(sandbox.PushUrl), vapid));
        Console.WriteLine(JsonSerializer.Serialize(new ReceiverStart(app.Urls.First(), environment)));
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static object Device(SandboxServer sandbox, VapidPair vapid, ConcurrentDictionary<string, int> devices, int number)
    {
        var device = sandbox.Push.NewSubscription(vapid.PublicKey);
        devices[device.Id] = number;
        return new { endpoint = device.Endpoint, keys = new { p256dh = device.P256dh, auth = device.Auth } };
    }

    private static int NumberOf(Delivered item, ConcurrentDictionary<string, int> devices) =>
        item.Receiver == OrleansNotify.Sandbox.Receiver.Push ? devices[item.To] : Recipient.NumberOf(item.To);

    private static async Task<DateTimeOffset> Wait(Inbox inbox, Func<Delivered, bool> fits, CancellationToken cancellation)
    {
        await inbox.WaitUntil(items => items.Any(fits), cancellation);
        return inbox.Items.First(fits).At;
    }

    private static async Task Wait(Inbox inbox, int count)
    {
        long seen;
        do
        {
            seen = inbox.Count;
            using CancellationTokenSource silence = new(s_silence);
            try
            {
                await inbox.WaitUntil(items => items.Count >= count, silence.Token);
                return;
            }
            catch (OperationCanceledException)
            {
                // Silence, or only slow: look again.
            }
        }
        while (inbox.Count > seen);
    }
}
