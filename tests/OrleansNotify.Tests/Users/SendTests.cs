using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Users;

public sealed class SendTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_message_is_sent_and_its_timeline_tells_it(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();

        var receipt = await user.Send(Given.Alert);
        var message = await user.Until(receipt.MessageId, MessageStatus.Sent);

        Assert.Equal(ReceiptStatus.Accepted, receipt.Status);
        Assert.Equal(7, receipt.MessageId!.Value.Version);
        Assert.Equal([MessageEventType.Accepted, MessageEventType.Attempt, MessageEventType.Sent], message.Events.Select(e => e.Type));
        Assert.Equal(("sent", "id-1", Channel.Email), (message.Events[1].Outcome, message.Events[1].ProviderId, message.Events[1].Channel));
        Assert.Equal(Channel.Email, message.Channel);
        Assert.Equal([Channel.Email], message.Plan);
        Assert.Equal([receipt.MessageId.Value], cluster.Email.Messages);
        Assert.Equal(0, await cluster.AgendaLength());
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task The_same_key_answers_the_first_receipt_and_sends_nothing(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var first = await user.Send(Given.Alert with { IdempotencyKey = "k1" });
        await user.Until(first.MessageId, MessageStatus.Sent);

        var again = await user.Send(Given.Alert with { IdempotencyKey = "k1" });
        var other = await user.Send(Given.Alert with { IdempotencyKey = "k1", Instrument = "GBPUSD" });

        Assert.Equal((ReceiptStatus.Duplicate, first.MessageId), (again.Status, again.MessageId));
        Assert.Equal((ReceiptStatus.Rejected, Reasons.IdempotencyKeyReused), (other.Status, other.Reason));
        Assert.Contains("idempotency_key", other.Errors!.Keys);
        Assert.Single(cluster.Email.Jobs);

        cluster.Clock.Advance(TimeSpan.FromHours(24));
        var nextDay = await user.Send(Given.Alert with { IdempotencyKey = "k1" });
        Assert.Equal(ReceiptStatus.Accepted, nextDay.Status);
    }

    [Fact]
    public async Task An_unknown_user_is_refused()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = cluster.User("nobody");

        var receipt = await user.Send(Given.Alert);

        Assert.Equal((ReceiptStatus.Rejected, Reasons.UnknownUser), (receipt.Status, receipt.Reason));
        Assert.Null(await user.GetUser());
        Assert.Null(await user.GetPreferences());
        Assert.False(await user.Unsubscribe("education"));
        Assert.False(await cluster.Redis.KeyExistsAsync(cluster.Keys.Outbox("nobody")));
    }

    [Fact]
    public async Task A_request_that_is_wrong_names_its_fields_and_stores_nothing()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();

        var receipt = await user.Send(Given.Alert with { TemplateVars = TemplateVars.Empty });

        Assert.Equal(ReceiptStatus.Rejected, receipt.Status);
        Assert.Contains("template_vars.instrument", receipt.Errors!.Keys);
        Assert.Empty((await user.ListMessages(null, 10)).Items);
    }

    [Fact]
    public async Task What_the_user_does_not_want_is_skipped_and_not_stored()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(preferences: new Preferences { InstrumentsEnabled = ["GBPUSD"] });

        var receipt = await user.Send(Given.Alert with { IdempotencyKey = "k1" });

        Assert.Equal((ReceiptStatus.Skipped, Reasons.InstrumentDisabled, null), (receipt.Status, receipt.Reason, receipt.MessageId));
        Assert.Equal(ReceiptStatus.Accepted, (await user.Send(Given.Alert with { IdempotencyKey = "k1", Instrument = "GBPUSD" })).Status);
    }

    [Fact]
    public async Task Send_at_defers_and_the_message_leaves_at_its_time()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var later = cluster.Clock.GetUtcNow().AddSeconds(30);

        var receipt = await user.Send(Given.Alert with { SendAt = later });

        Assert.Equal((ReceiptStatus.Deferred, Reasons.SendAt, later), (receipt.Status, receipt.Reason, receipt.DeliverAt));
        Assert.Equal(later, (await user.GetMessage(receipt.MessageId!.Value))!.DeliverAt);
        cluster.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(cluster.Email.Jobs);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await user.Until(receipt.MessageId, MessageStatus.Sent);
    }

    [Fact]
    public async Task Quiet_hours_defer_and_urgent_messages_pass()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        QuietHours noon = new() { Enabled = true, Start = new(11, 0), End = new(13, 0), TimeZone = "UTC" };
        var user = await cluster.UserWith(preferences: new Preferences { QuietHours = noon });

        var quiet = await user.Send(Given.Alert);
        var urgent = await user.Send(Given.Failure);

        Assert.Equal((ReceiptStatus.Deferred, Reasons.QuietHours), (quiet.Status, quiet.Reason));
        Assert.Equal(cluster.Clock.GetUtcNow().AddHours(1), quiet.DeliverAt);
        Assert.Equal(ReceiptStatus.Accepted, urgent.Status);
        await user.Until(urgent.MessageId, MessageStatus.Sent);

        await user.SetPreferences(new Preferences());
        await user.Until(quiet.MessageId, MessageStatus.Sent);
    }

    [Fact]
    public async Task What_expires_before_it_could_be_sent_is_skipped()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var now = cluster.Clock.GetUtcNow();

        var past = await user.Send(Given.Alert with { ExpiresAt = now });
        var before = await user.Send(Given.Alert with { SendAt = now.AddHours(2), ExpiresAt = now.AddHours(2) });

        Assert.All([past, before], receipt => Assert.Equal((ReceiptStatus.Skipped, Reasons.ExpiresBeforeDelivery), (receipt.Status, receipt.Reason)));
    }

    [Fact]
    public async Task A_deferred_message_that_expires_settles_as_expired()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Busy) with { RetryAfter = TimeSpan.FromSeconds(50) });

        var receipt = await user.Send(Given.Alert with { ExpiresAt = cluster.Clock.GetUtcNow().AddSeconds(20) });
        await user.Until(receipt.MessageId, MessageStatus.Retrying);
        cluster.Clock.Advance(TimeSpan.FromSeconds(20));

        await user.Until(receipt.MessageId, MessageStatus.Expired);
        Assert.Single(cluster.Email.Jobs);
    }

    [Fact]
    public async Task A_full_outbox_is_busy()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var later = Given.Alert with { SendAt = cluster.Clock.GetUtcNow().AddHours(1) };
        Receipt receipt;
        var count = 0;
        while ((receipt = await user.Send(later)).Status == ReceiptStatus.Deferred) count++;

        Assert.Equal((ReceiptStatus.Busy, Reasons.OutboxFull), (receipt.Status, receipt.Reason));
        Assert.Equal(500, count);
    }

    [Fact]
    public async Task A_message_that_waits_can_be_cancelled_and_one_that_is_sent_or_unknown_cannot()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var waiting = await user.Send(Given.Alert with { SendAt = cluster.Clock.GetUtcNow().AddHours(1) });
        var answer = cluster.Email.Hang();
        var running = await user.Send(Given.Alert);

        Assert.Equal(CancelResult.Cancelled, await user.Cancel(waiting.MessageId!.Value));
        Assert.Equal(CancelResult.Settled, await user.Cancel(waiting.MessageId!.Value));
        Assert.Equal(CancelResult.Sending, await user.Cancel(running.MessageId!.Value));
        Assert.Equal(CancelResult.NotFound, await user.Cancel(Guid.CreateVersion7(cluster.Clock.GetUtcNow())));

        Assert.Equal(MessageStatus.Sending, (await user.GetMessage(running.MessageId.Value))!.Status);
        answer.SetResult(Outcomes.Sent);
        await user.Until(running.MessageId, MessageStatus.Sent);
        Assert.Equal(MessageStatus.Cancelled, (await user.GetMessage(waiting.MessageId.Value))!.Status);
    }

    [Fact]
    public async Task Messages_are_listed_newest_first_page_by_page()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        List<Guid> ids = [];
        for (var i = 0; i < 5; i++)
        {
            var receipt = await user.Send(i % 2 == 0 ? Given.Alert : Given.Alert with { SendAt = cluster.Clock.GetUtcNow().AddHours(1) });
            ids.Add(receipt.MessageId!.Value);
            if (i % 2 == 0) await user.Until(receipt.MessageId, MessageStatus.Sent);
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        List<Guid> seen = [];
        string? cursor = null;
        do
        {
            var page = await user.ListMessages(cursor, 2);
            Assert.InRange(page.Items.Length, 1, 2);
            seen.AddRange(page.Items.Select(item => item.MessageId));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Reverse(ids), seen);
    }
}
