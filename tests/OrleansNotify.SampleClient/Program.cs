// A program of somebody else: it knows the contracts and where Redis is, and asks a user's grain.
//   dotnet run -- REDIS USER EMAIL
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansNotify;

var (redis, userId, email) = (args[0], args[1], args[2]);
var builder = Host.CreateApplicationBuilder();
builder.UseOrleansClient(client => client
    .UseRedisClustering(redis)
    .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("notify", "notify")));
using var app = builder.Build();
await app.StartAsync();

var user = app.Services.GetRequiredService<IClusterClient>().GetGrain<IUserGrain>(userId);
await user.SetUser(new UserUpdate { Email = email });
await user.SetPreferences(new Preferences { FallbackOrder = [Channel.Email] });
await user.Unsubscribe("education");
SendRequest alert = new()
{
    TemplateName = "price_alert_triggered",
    TemplateVars = TemplateVars.From(new Dictionary<string, object?>
    {
        ["instrument"] = "EURUSD",
        ["trigger_price"] = 1.1,
        ["current_price"] = 1.1042,
        ["condition"] = "above",
    }),
};

var now = await user.Send(alert);
Console.WriteLine($"now: {now.Status} {now.MessageId}");

var later = await user.Send(alert with { SendAt = DateTimeOffset.Now.AddHours(1) });
Console.WriteLine($"later: {later.Status} {later.Reason}");
Console.WriteLine($"cancelled: {await user.Cancel(later.MessageId!.Value)}");

var unwanted = await user.Send(alert with { TemplateName = "daily_insight", TemplateVars = TemplateVars.Parse("""{"title": "Slippage", "summary": "Plan for it."}""") });
Console.WriteLine($"unwanted: {unwanted.Status} {unwanted.Reason}");

using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(50));
MessageView? message;
do message = await user.GetMessage(now.MessageId!.Value);
while (message is { Status: not (MessageStatus.Sent or MessageStatus.DeadLettered) } && await tick.WaitForNextTickAsync());
Console.WriteLine($"status: {message?.Status} by {message?.Channel}");
Console.WriteLine($"address: {(await user.GetUser())?.Email}, order: {string.Join(' ', (await user.GetPreferences())!.FallbackOrder)}");
await app.StopAsync();
