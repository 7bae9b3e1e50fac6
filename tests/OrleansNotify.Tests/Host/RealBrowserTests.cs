using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Host;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Silo;
using OrleansNotify.Tests.Channels.Http;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Host.Store;

namespace OrleansNotify.Tests.Host;

/// <summary>A real browser beside the sandbox, in Development.</summary>
public sealed class RealBrowserTests(RunningHost running)
{
    [Fact]
    public async Task Its_push_service_is_allowed_beside_the_sandbox_and_nothing_else()
    {
        var host = await running.Get();
        var user = User(host, "browser");

        Assert.Empty((await user.AddPushSubscription(Devices.At("https://fcm.googleapis.com/fcm/send/abc"))).Errors);
        Assert.Empty((await user.AddPushSubscription(Devices.At("https://jmt17.google.com/fcm/send/abc"))).Errors);
        Assert.Empty((await user.AddPushSubscription(Devices.At(host.Sandbox!.Server.Push.NewSubscription().Endpoint))).Errors);
        foreach (var inner in (string[])["http://127.0.0.1:6379/x", "https://127.0.0.1/x", "https://push.example/x", "http://fcm.googleapis.com/x"])
            Assert.Equal(["endpoint"], (await user.AddPushSubscription(Devices.At(inner))).Errors.Keys);
    }

    [Fact]
    public async Task It_stays_subscribed_over_a_restart_and_is_sent_to_where_it_says()
    {
        using TempFolder folder = new();
        await using RawServer service = new(RawServer.Answer(201, ""));
        string key;
        await using (var host = await Start(folder.Path, service.Url))
        {
            key = host.Settings.Push!.VapidPublicKey;
            Assert.Empty((await User(host, "ann").AddPushSubscription(Devices.At($"{service.Url}/marked"))).Errors);
        }

        await using var again = await Start(folder.Path, service.Url);
        Assert.Equal(key, again.Settings.Push!.VapidPublicKey);
        var receipt = await User(again, "ann").Send(Given.Alert);
        await User(again, "ann").Until(receipt.MessageId, MessageStatus.Sent);

        var request = await service.Request();
        Assert.StartsWith("POST /marked HTTP/1.1", request, StringComparison.Ordinal);
        var (token, signer) = Vapid(request);
        Assert.Equal((service.Url, key), (token.GetProperty("aud").GetString(), signer));
        Assert.Empty(again.Sandbox!.Server.Inbox.Items);
    }

    [Fact]
    public void Its_keys_are_the_same_for_the_same_folder_and_for_their_owners_eyes()
    {
        using TempFolder folder = new();
        var made = DevelopmentVapid.In(Path.Combine(folder.Path, "new"));

        Assert.True(PushSettings.Match(made.PublicKey, made.PrivateKey));
        Assert.Equal(made, DevelopmentVapid.In(Path.Combine(folder.Path, "new")));
        Assert.NotEqual(made, DevelopmentVapid.In(Path.Combine(folder.Path, "other")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "new", "vapid-keys")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("x\ny\n")]
    [InlineData("{pair}\nmore\n")]
    [InlineData("{public}\n{public}\n")]
    [InlineData("{public}\n{other}\n")]
    public void What_is_no_pair_of_keys_stops_the_start_and_is_named(string text)
    {
        using TempFolder folder = new();
        var (own, other) = (VapidPairOf(folder, "own"), VapidPairOf(folder, "other"));
        File.WriteAllText(Path.Combine(folder.Path, "vapid-keys"), text
            .Replace("{pair}", $"{own.Public}\n{own.Private}", StringComparison.Ordinal)
            .Replace("{public}", own.Public, StringComparison.Ordinal)
            .Replace("{other}", other.Private, StringComparison.Ordinal));

        var fault = Assert.Throws<SettingsException>(() => DevelopmentVapid.In(folder.Path));

        Assert.StartsWith("NOTIFY_DATA_DIR: ", Assert.Single(fault.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain(other.Private, fault.Message, StringComparison.Ordinal);
    }

    private static (string Public, string Private) VapidPairOf(TempFolder folder, string name)
    {
        var keys = DevelopmentVapid.In(Path.Combine(folder.Path, name));
        return (keys.PublicKey, keys.PrivateKey);
    }

    private static Task<NotifyHost> Start(string folder, string origins) => NotifyHost.Start("Development", new Dictionary<string, string?>
    {
        ["NOTIFY_DATA_DIR"] = folder,
        ["URLS"] = "http://127.0.0.1:0",
        ["PUSH_ALLOWED_ORIGINS"] = origins,
        ["Logging:LogLevel:Default"] = "Warning",
    }, cancellation: TestContext.Current.CancellationToken);

    private static IUserGrain User(NotifyHost host, string id) => host.App.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserGrain>(id);

    private static (JsonElement Claims, string Key) Vapid(string request)
    {
        var parts = request.Split("vapid t=")[1].Split("\r\n")[0].Split(", k=");
        var claims = System.Buffers.Text.Base64Url.DecodeFromChars(parts[0].Split('.')[1]);
        return (JsonElement.Parse(Encoding.UTF8.GetString(claims)), parts[1]);
    }
}
