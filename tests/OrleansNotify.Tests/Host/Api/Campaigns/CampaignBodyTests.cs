namespace OrleansNotify.Tests.Host.Api.Campaigns;

/// <summary>Campaigns that are asked for wrongly: refused by the field, and no grain is asked.</summary>
public sealed class CampaignBodyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Rest = "\"name\":\"n\",\"template_name\":\"welcome\"";
    private const string One = ",\"audience\":[{\"user_id\":\"u\"}]";
    private const string Query = "?name=n&template_name=welcome";

    private readonly ApiHost _api = fixture.Api;

    [Theory]
    [InlineData("", "body")]
    [InlineData("{", "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("{" + Rest + One + "}{}", "body")]
    [InlineData("{}", "audience,name,template_name")]
    [InlineData("{" + Rest + "}", "audience")]
    [InlineData("{" + Rest + ",\"audience\":null}", "audience")]
    [InlineData("{" + Rest + ",\"audience\":{\"audience\":[]}}", "audience")]
    [InlineData("{" + Rest + One + One + "}", "audience")]
    [InlineData("{" + Rest + One + ",\"Audience\":[]}", "Audience")]
    [InlineData("{" + Rest + One + ",\"name\":\"m\"}", "name")]
    [InlineData("{" + Rest + One + ",\"channel\":\"sms\"}", "channel")]
    [InlineData("{" + Rest + One + ",\"fallback\":\"true\"}", "fallback")]
    [InlineData("{" + Rest + One + ",\"batch_size\":\"10\"}", "batch_size")]
    [InlineData("{" + Rest + One + ",\"batch_size\":1.5}", "batch_size")]
    [InlineData("{" + Rest + One + ",\"batch_size\":null}", "batch_size")]
    [InlineData("{" + Rest + One + ",\"rate\":99999999999}", "rate")]
    [InlineData("{" + Rest + One + ",\"start_at\":\"2026-01-02\"}", "start_at")]
    [InlineData("{" + Rest + One + ",\"expires_at\":\"soon\"}", "expires_at")]
    [InlineData("{" + Rest + One + ",\"idempotency_key\":\"\"}", "idempotency_key")]
    [InlineData("{" + Rest + One + ",\"idempotency_key\":\"a\\nb\"}", "idempotency_key")]
    [InlineData("{" + Rest + One + ",\"idempotency_key\":7}", "idempotency_key")]
    [InlineData("{" + Rest + One + ",\"nonsense\":1}", "nonsense")]
    [InlineData("{" + Rest + One + ",\"\\ud800\":1}", "\\ud800")]
    public async Task A_JSON_campaign_is_refused_by_its_field(string body, string fields) => await IsRefused("", body, "application/json", fields);

    [Theory]
    [InlineData("", "name,template_name")]
    [InlineData("?name=n", "template_name")]
    [InlineData("?name=&template_name=welcome&nonsense=1", "nonsense")]
    [InlineData(Query + "&name=m", "name")]
    [InlineData(Query + "&Rate=1", "Rate")]
    [InlineData(Query + "&audience=u", "audience")]
    [InlineData(Query + "&channel=sms", "channel")]
    [InlineData(Query + "&channel=", "channel")]
    [InlineData(Query + "&fallback=1", "fallback")]
    [InlineData(Query + "&fallback=True", "fallback")]
    [InlineData(Query + "&batch_size=many", "batch_size")]
    [InlineData(Query + "&batch_size=1.5", "batch_size")]
    [InlineData(Query + "&batch_size=", "batch_size")]
    [InlineData(Query + "&rate=99999999999", "rate")]
    [InlineData(Query + "&start_at=2026-01-02", "start_at")]
    [InlineData(Query + "&expires_at=soon&rate=x", "expires_at,rate")]
    [InlineData(Query + "&idempotency_key=", "idempotency_key")]
    [InlineData(Query + "&idempotency_key=a%0Ab", "idempotency_key")]
    public async Task So_are_the_settings_of_a_query(string query, string fields) =>
        await IsRefused(query, "{\"user_id\":\"u\"}\n", "application/x-ndjson", fields);

    [Fact]
    public async Task With_JSON_no_setting_goes_in_the_query() =>
        await IsRefused("?name=n", "{" + Rest + One + "}", "application/json", "name");

    [Fact]
    public async Task A_key_over_128_characters_is_refused() =>
        await IsRefused($"{Query}&idempotency_key={new string('k', 129)}", "", "application/x-ndjson", "idempotency_key");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/jsonl")]
    public async Task Another_type_is_a_415(string media) => (await Ask("", "{}", media)).IsProblem(415);

    [Fact]
    public async Task A_JSON_body_over_8_MiB_is_a_413() =>
        (await Ask("", ("{" + Rest + One + "}").PadRight((8 << 20) + 1), "application/json")).IsProblem(413);

    private Task<Answer> Ask(string query, string body, string media, string path = "") =>
        _api.Ask("POST", $"/api/v1/campaigns{path}{query}", body, media: media);

    private async Task IsRefused(string query, string body, string media, string fields)
    {
        foreach (var path in (string[])["", "/preview"])
            Assert.Equal(fields.Split(','), (await Ask(query, body, media, path)).IsProblem(400).Fields);
        Assert.Empty(_api.Grains.Campaigns);
        Assert.Empty(_api.Grains.Users);
    }
}
