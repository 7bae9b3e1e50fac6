using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Receiving;

/// <summary>The receiver's own program: one of the sandbox's servers, and a few routes that tell what it took.</summary>
internal static class Receiver
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);

    public static async Task<int> Run(Channel channel)
    {
        var clock = TimeProvider.System;
        Inbox inbox = new(clock, capacity: int.MaxValue);
        Faults faults = new();
        await using var smtp = await SandboxSmtpServer.StartAsync(new SmtpServerOptions(), inbox, faults, clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/wait/{count:int}", (int count) => Wait(inbox, count));
        app.MapGet("/arrivals", () => inbox.Items.Select(item => new Arrival(Recipient.NumberOf(item.To), item.At)));
        app.MapPost("/forget", inbox.Clear);
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        Console.WriteLine(JsonSerializer.Serialize(new ReceiverStart(app.Urls.First(), HostEnvironment.Smtp(smtp.Port))));
        await app.WaitForShutdownAsync();
        return 0;
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
