using System.Buffers.Text;
using System.Text.Json;
using OrleansNotify.Delivery;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Channels.Http;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Processes;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Channels.Push;

public sealed class PushSenderTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_browser_decrypts_what_it_is_sent()
    {
        await using var rig = await PushRig.Start();
        var device = rig.Device();
        var job = rig.Job(device);

        var outcome = await rig.Send(job);

        Assert.Equal((OutcomeKind.Sent, "", null), (outcome.Kind, outcome.Reason, outcome.Detail));
        var push = Assert.Single(rig.Pushes);
        Assert.Equal(job.Template.RenderPush(job.Vars, "en", job.MessageId), push.Payload.ToArray());
        Assert.Equal((device.Id, 3600, "normal"), (push.To, push.Ttl, push.Urgency));
        Assert.Equal(job.MessageId, new Guid(Base64Url.DecodeFromChars(push.Topic), bigEndian: true));
        Assert.Equal(rig.Sandbox.PushUrl, Assert.Single(outcome.Devices).Service);
        Assert.Equal((Channel.Push, TimeSpan.FromSeconds(30)), (rig.Sender.Channel, rig.Sender.HardEnd));
    }

    [Fact]
    public async Task An_urgent_push_says_so_and_a_repeat_shares_its_topic_and_its_tag()
    {
        await using var rig = await PushRig.Start();
        var job = rig.Job(rig.Device()) with { Template = World.Template(Given.Failure.TemplateName), Vars = Given.Failure.TemplateVars };

        await rig.Send(job);
        await rig.Send(job);

        Assert.All(rig.Pushes, push => Assert.Equal("high", push.Urgency));
        Assert.Single(rig.Pushes.Select(push => push.Topic).Distinct());
        Assert.Equal(1, rig.Sandbox.Inbox.Counters.Of(Receiver.Push).Duplicates);
        Assert.All(rig.Pushes.Select(push => JsonElement.Parse(push.Payload.Span)), payload => Assert.Equal(
            (job.MessageId, job.MessageId), (payload.GetProperty("id").GetGuid(), payload.GetProperty("tag").GetGuid())));
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(90.9, 90)]
    [InlineData(40 * 24 * 3600, 30 * 24 * 3600)]
    public async Task Its_life_is_whole_seconds_within_what_services_keep(double seconds, int ttl)
    {
        await using var rig = await PushRig.Start();

        await rig.Send(rig.Job(rig.Device()) with { LifeLeft = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(ttl, Assert.Single(rig.Pushes).Ttl);
    }

    [Theory]
    [InlineData(200, null, "Sent", "")]
    [InlineData(201, null, "Sent", "")]
    [InlineData(202, null, "Sent", "")]
    [InlineData(400, null, "Rejected", "400")]
    [InlineData(413, null, "Rejected", "413")]
    [InlineData(401, null, "ChannelFault", "401")]
    [InlineData(403, null, "ChannelFault", "403")]
    [InlineData(404, null, "AddressGone", "404")]
    [InlineData(410, null, "AddressGone", "410")]
    [InlineData(429, 9, "Busy", "429")]
    [InlineData(429, null, "Busy", "429")]
    [InlineData(406, null, "Retry", "unlisted")]
    [InlineData(301, null, "Retry", "unlisted")]
    [InlineData(307, null, "Retry", "unlisted")]
    [InlineData(418, null, "Retry", "unlisted")]
    [InlineData(500, null, "Retry", "5xx")]
    [InlineData(503, null, "Retry", "5xx")]
    [InlineData(503, 20, "Busy", "5xx")]
    [InlineData(429, 0, "Busy", "429")]
    public async Task Every_answer_has_its_outcome(int status, int? retryAfter, string kind, string reason)
    {
        await using var rig = await PushRig.Start();
        rig.Fault(FaultKind.Reply, status, retryAfter: retryAfter);

        var outcome = await rig.Send(rig.Job(rig.Device()));

        var device = Assert.Single(outcome.Devices);
        Assert.Equal((kind, reason), (outcome.Kind.ToString(), outcome.Reason));
        Assert.Equal((outcome.Kind, outcome.Reason, outcome.RetryAfter), (device.Kind, device.Reason, device.RetryAfter));
        Assert.Equal((outcome.SpeaksOf, true), (device.SpeaksOf, device.Answered));
        Assert.Equal(retryAfter, outcome.RetryAfter?.TotalSeconds);
        Assert.Equal(kind == "Sent", outcome.Detail is null);
        if (kind != "Sent") Assert.StartsWith($"127.0.0.1 {status}", outcome.Detail, StringComparison.Ordinal);
        Assert.Empty(rig.Pushes);
    }

    [Theory]
    [InlineData(429, "Wed, 04 Mar 2026 05:07:07 GMT", "Busy", 60)]
    [InlineData(503, "Wed, 04 Mar 2026 05:07:07 GMT", "Busy", 60)]
    [InlineData(429, "Fri, 31 Dec 9999 23:59:59 GMT", "Busy", 86400)]
    [InlineData(429, "99999999999999999999", "Busy", 86400)]
    [InlineData(429, "Sat, 01 Jan 2000 00:00:00 GMT", "Busy", 0)]
    [InlineData(429, "next week", "Busy", null)]
    [InlineData(503, "next week", "Retry", null)]
    public async Task Whatever_a_service_asks_to_wait_is_heeded_within_reason(int status, string retryAfter, string kind, int? waits)
    {
        await using RawServer server = new(RawServer.Answer(status, "", $"Retry-After: {retryAfter}"));
        await using var rig = await PushRig.Start(server.Url);

        var outcome = await rig.Send(rig.Job(rig.Device($"{server.Url}/p/abc")));

        Assert.Equal((kind, (double?)waits), (outcome.Kind.ToString(), outcome.RetryAfter?.TotalSeconds));
        Assert.Equal(outcome.RetryAfter, Assert.Single(outcome.Devices).RetryAfter);
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n<htm")]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n<html")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense")]
    public async Task What_a_service_took_over_is_sent_whatever_it_says_besides(string answer)
    {
        await using RawServer server = new(answer);
        await using var rig = await PushRig.Start(server.Url);

        Assert.Equal(OutcomeKind.Sent, (await rig.Send(rig.Job(rig.Device($"{server.Url}/p/abc")))).Kind);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using RawServer inner = new(RawServer.Answer(201, ""));
        await using RawServer server = new(RawServer.Answer(307, "", $"Location: {inner.Url}/metadata"));
        await using var rig = await PushRig.Start(server.Url, inner.Url);

        var outcome = await rig.Send(rig.Job(rig.Device($"{server.Url}/p/abc")));

        Assert.Equal((OutcomeKind.Retry, "unlisted"), (outcome.Kind, outcome.Reason));
        Assert.Equal(0, inner.Accepted);
    }

    [Fact]
    public async Task A_device_that_was_made_for_another_key_is_refused_and_nobody_else_blamed()
    {
        await using var rig = await PushRig.Start();

        var outcome = await rig.Send(rig.Job(rig.Device(rig.Subscribe("BOtherKey"))));

        Assert.Equal((OutcomeKind.Rejected, "other_vapid_key"), (outcome.Kind, outcome.Reason));
    }

    // The browser does not tell for which key it subscribed: the service does, at the first push.
    [Theory]
    [InlineData(401, """{"code":401,"errno":109,"error":"Unauthorized","message":"VAPID public key mismatch"}""")]
    [InlineData(403, """{"reason":"VapidPkHashMismatch"}""")]
    public async Task A_subscription_of_another_sites_speaks_of_its_user_and_not_of_our_key(int status, string text)
    {
        await using var rig = await PushRig.Start();
        rig.Fault(FaultKind.Reply, status, text);

        var outcome = await rig.Send(rig.Job(rig.Device()));

        Assert.Equal((OutcomeKind.Rejected, SpeaksOf.Recipient, "other_vapid_key"), (outcome.Kind, outcome.SpeaksOf, outcome.Reason));
        Assert.Equal(SpeaksOf.Recipient, Assert.Single(outcome.Devices).SpeaksOf);
    }

    [Fact]
    public async Task A_subscription_that_was_brought_under_our_key_and_made_for_another_is_told_by_its_service()
    {
        await using var rig = await PushRig.Start();
        var device = rig.Device(rig.Subscribe("BOtherKey")) with { VapidKey = rig.Keys.PublicKey };

        var outcome = await rig.Send(rig.Job(device));

        Assert.Equal((OutcomeKind.Rejected, SpeaksOf.Recipient, "other_vapid_key"), (outcome.Kind, outcome.SpeaksOf, outcome.Reason));
    }

    [Fact]
    public async Task One_device_that_takes_it_is_enough_and_each_has_its_own_outcome()
    {
        await using var rig = await PushRig.Start();
        var gone = rig.Subscribe();
        Assert.True(rig.Sandbox.Push.Expire(gone.Id));
        var (broken, well) = (rig.Device(), rig.Device());
        rig.Fault(FaultKind.Reply, 500, to: broken.Id);

        var outcome = await rig.Send(rig.Job(rig.Device(gone), broken, well));

        Assert.Equal(OutcomeKind.Sent, outcome.Kind);
        Assert.Equal([OutcomeKind.AddressGone, OutcomeKind.Retry, OutcomeKind.Sent], outcome.Devices.Select(device => device.Kind));
        Assert.Equal(well.Id, Assert.Single(rig.Pushes).To);
    }

    [Theory]
    [InlineData(FaultKind.DropBefore, 0)]
    [InlineData(FaultKind.DropAfter, 1)]
    public async Task A_connection_cut_after_the_request_leaves_it_unknown(FaultKind kind, int taken)
    {
        await using var rig = await PushRig.Start();
        rig.Fault(kind);

        var outcome = await rig.Send(rig.Job(rig.Device()));

        Assert.Equal((OutcomeKind.Unknown, "cut", false), (outcome.Kind, outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
        Assert.Equal(taken, rig.Pushes.Length);
    }

    [Fact]
    public async Task At_the_hard_end_a_silent_service_leaves_it_unknown()
    {
        await using var rig = await PushRig.Start();
        rig.Fault(FaultKind.Delay, delay: Silence);
        using CancellationTokenSource hardEnd = new();

        var sending = rig.Send(rig.Job(rig.Device()), hardEnd.Token);
        await rig.Clock.Armed(Silence);
        await hardEnd.CancelAsync();

        var outcome = await sending;
        Assert.Equal((OutcomeKind.Unknown, "timeout"), (outcome.Kind, outcome.Reason));
        Assert.Empty(rig.Pushes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_status_decides_however_its_body_ends(bool hangs)
    {
        await using RawServer server = new("HTTP/1.1 410 Gone\r\nContent-Length: 100\r\n\r\nhalf", hangs);
        await using var rig = await PushRig.Start(server.Url);
        using CancellationTokenSource hardEnd = new();
        // The time is asked for between header and body.
        rig.Clock.Asked = () =>
        {
            if (hangs && server.Accepted > 0) hardEnd.Cancel();
        };

        var outcome = await rig.Send(rig.Job(rig.Device($"{server.Url}/p/abc")), hardEnd.Token);

        Assert.Equal((OutcomeKind.AddressGone, "127.0.0.1 410"), (outcome.Kind, outcome.Detail));
    }

    [Fact]
    public async Task A_service_that_sends_everything_back_is_told_without_endpoint_and_token()
    {
        await using RawServer server = new("HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n{request}");
        await using var rig = await PushRig.Start(server.Url);

        var outcome = await rig.Send(rig.Job(rig.Device($"{server.Url}/marked-capability/a?token=marked%2Btoken-of-the-device")));

        var token = (await server.Request()).Split("vapid t=")[1].Split(',')[0];
        Assert.Equal(OutcomeKind.Rejected, outcome.Kind);
        Assert.StartsWith("127.0.0.1 400 POST /***/a?token=***", outcome.Detail, StringComparison.Ordinal);
        Assert.Contains("vapid t=***.***.***, k=***", outcome.Detail, StringComparison.Ordinal);
        Assert.All(token.Split('.'), part => Assert.DoesNotContain(part, outcome.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_there_is_a_retry_that_blames_nobody()
    {
        var origin = $"http://127.0.0.1:{FreePort.Find()}";
        await using var rig = await PushRig.Start(origin);

        var outcome = await rig.Send(rig.Job(rig.Device($"{origin}/p/abc")));

        Assert.Equal((OutcomeKind.Retry, "connect", true), (outcome.Kind, outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
        var device = Assert.Single(outcome.Devices);
        Assert.Equal((SpeaksOf.Channel, false), (device.SpeaksOf, device.Answered));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_turn_that_is_over_sends_nothing(bool connected)
    {
        await using var rig = await PushRig.Start();
        var device = rig.Device();
        if (connected) await rig.Send(rig.Job(device));
        Turn turn = new(rig.Clock, TimeSpan.FromMilliseconds(50));
        rig.Clock.Advance(TimeSpan.FromMilliseconds(50));

        var outcome = await rig.Send(rig.Job(device) with { Turn = turn });

        Assert.Equal((OutcomeKind.Withdrawn, false), (outcome.Kind, outcome.SpeaksOf == SpeaksOf.Channel));
        Assert.Equal(connected ? 1 : 0, rig.Pushes.Length);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/push/abc", "endpoint")]
    [InlineData("https://fcm.googleapis.com/push/abc", "endpoint")]
    [InlineData("file:///etc/passwd", "endpoint")]
    public async Task An_endpoint_that_is_not_allowed_is_not_called(string endpoint, string reason)
    {
        await using var rig = await PushRig.Start();

        var outcome = await rig.Send(rig.Job(rig.Device(endpoint)));

        Assert.Equal((OutcomeKind.Rejected, reason, SpeaksOf.Recipient), (outcome.Kind, outcome.Reason, outcome.SpeaksOf));
        Assert.StartsWith("endpoint: Must be", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_on_the_curve_is_rejected()
    {
        await using var rig = await PushRig.Start();
        var point = Enumerable.Repeat((byte)4, 65).ToArray();

        var outcome = await rig.Send(rig.Job(rig.Device() with { P256dh = point }));

        Assert.Equal((OutcomeKind.Rejected, "keys"), (outcome.Kind, outcome.Reason));
        Assert.Empty(rig.Pushes);
    }

    [Fact]
    public async Task What_a_service_echoes_is_not_told()
    {
        await using var rig = await PushRig.Start();
        var device = rig.Device();
        rig.Fault(FaultKind.Reply, 400, $"{device.Endpoint} {device.Id} \u0007 {new string('x', 10_000)}");

        var outcome = await rig.Send(rig.Job(device));

        Assert.DoesNotContain(device.Id, outcome.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("127.0.0.1 400 http://127.0.0.1", outcome.Detail, StringComparison.Ordinal);
        Assert.Contains("***", outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(300, outcome.Detail!.Length);
    }

    [Fact]
    public async Task A_template_beyond_its_bounds_is_rejected()
    {
        await using var rig = await PushRig.Start();

        var outcome = await rig.Sender.Send(
            rig.Job(rig.Device()) with { Template = EndlessTemplate.Value, Vars = EndlessTemplate.TooMany }, TestContext.Current.CancellationToken);

        Assert.Equal((OutcomeKind.Rejected, "template", SpeaksOf.Recipient), (outcome.Kind, outcome.Reason, outcome.SpeaksOf));
        Assert.Empty(outcome.Devices);
    }

    [Fact]
    public async Task Many_devices_are_sent_to_side_by_side()
    {
        await using var rig = await PushRig.Start();
        PushDevice[] devices = [.. Enumerable.Range(0, 20).Select(_ => rig.Device())];
        foreach (var device in devices) rig.Fault(FaultKind.Delay, to: device.Id, delay: Silence);

        var sending = rig.Send(rig.Job(devices));
        await rig.Clock.Armed(Silence, devices.Length);
        rig.Clock.Advance(Silence);

        Assert.All((await sending).Devices, device => Assert.Equal(OutcomeKind.Sent, device.Kind));
        Assert.Equal(devices.Select(device => device.Id).Order(), rig.Pushes.Select(push => push.To).Order());
    }
}
