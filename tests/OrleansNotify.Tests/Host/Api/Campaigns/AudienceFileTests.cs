using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using OrleansNotify.Host.Api.Input;

namespace OrleansNotify.Tests.Host.Api.Campaigns;

/// <summary>Audiences that were sent as something else: read, or refused with what they are; the campaign's key stays free.</summary>
public sealed class AudienceFileTests : IAsyncLifetime
{
    private const string Path = "/api/v1/campaigns";
    private const string Query = "?name=n&template_name=welcome&idempotency_key=july";
    private const string Ndjson = "application/x-ndjson";
    private const string Lines = "{\"user_id\":\"a\"}\n{\"user_id\":\"b\"}\n";

    private ApiHost _api = null!;

    private FakeCampaign Only => Assert.Single(_api.Grains.Campaigns).Value;

    public async ValueTask InitializeAsync() => _api = await ApiHost.Start();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<Answer> Send(string text, string coding, string media = Ndjson, string path = Path + Query) => Send(Encoding.UTF8.GetBytes(text), coding, media, path);

    private async Task<Answer> Send(byte[] body, string? coding, string media = Ndjson, string path = Path + Query)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _api.Token("owner"));
        request.Content.Headers.ContentType = new(media);
        if (coding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await Answer.Of(await _api.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private static byte[] Gzip(ReadOnlySpan<byte> text, CompressionLevel level = CompressionLevel.SmallestSize)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, level)) gzip.Write(text);
        return packed.ToArray();
    }

    private static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZip")]
    public async Task Gzip_is_read_by_its_header(string coding)
    {
        var answer = await Send([.. Gzip(Lines), .. Gzip("{\"user_id\":\"c\"}")], coding);
        Assert.Equal((200, 3), (answer.Code, answer.Json.GetProperty("queued").GetInt32()));
        Assert.Equal(["a", "b", "c"], Only.Recipients.Select(recipient => recipient.UserId));
    }

    [Fact]
    public async Task A_preview_reads_it_too()
    {
        var answer = await Send(Gzip(Lines), "gzip", path: Path + "/preview?name=n&template_name=welcome");
        Assert.Equal((200, 2), (answer.Code, answer.Json.GetProperty("recipients").GetInt32()));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    [InlineData("aes128gcm")]
    public async Task Another_coding_is_a_415_that_names_what_is_taken(string coding)
    {
        var answer = (await Send("whatever", coding)).IsProblem(415);
        Assert.Equal("gzip, identity", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
        Assert.Contains("NDJSON may have gzip", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(_api.Grains.Campaigns);
    }

    /// <summary>A body that is read as if it had no coding is noise, on whatever route.</summary>
    [Theory]
    [InlineData(Path)]
    [InlineData("/api/v1/messages")]
    [InlineData("/api/v1/messages/batch")]
    [InlineData("/api/v1/messaging/test")]
    [InlineData("/api/v1/templates/welcome/preview")]
    [InlineData("/api/v1/dead-letters/redrive")]
    [InlineData("/api/v1/users/ada/push-subscriptions")]
    public async Task JSON_takes_none_on_any_route(string path)
    {
        foreach (var coding in (string[])["gzip", "br"])
        {
            var answer = (await Send(Gzip("{}"), coding, "application/json", path)).IsProblem(415);
            Assert.Contains("identity", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")), StringComparison.Ordinal);
        }

        Assert.NotEqual(415, (await Send("{}", "identity", "application/json", path)).Code);
    }

    [Fact]
    public async Task A_file_that_unpacks_beyond_measure_is_given_up()
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { KeepsRecipients = false };
        var answer = await Send(Gzip(new string('\n', 2 * Gunzip.Free)), "gzip");
        Assert.Contains($"more than {Gunzip.MostTimes} times its size", Told(answer), StringComparison.Ordinal);
        Assert.Equal((1, 0, 0), (Only.Abandoned, Only.Completed, Only.Lines.All));
    }

    [Fact]
    public async Task One_that_is_small_or_packs_as_files_do_is_read_whole()
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { KeepsRecipients = false };
        var text = string.Concat(Enumerable.Range(0, 600_000).Select(at => $"{{\"user_id\":\"user-{at}\"}}\n"));
        Assert.True(text.Length > Gunzip.Free / 2);
        var answer = await Send(Gzip(Encoding.UTF8.GetBytes(text), CompressionLevel.Fastest), "gzip");
        Assert.Equal((200, 600_000), (answer.Code, answer.Json.GetProperty("queued").GetInt32()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(-1)]
    public async Task What_is_no_whole_gzip_starts_nothing(int kept)
    {
        var whole = Gzip(Lines);
        var answer = await Send(kept == 0 ? Encoding.UTF8.GetBytes(Lines) : whole[..(kept < 0 ? whole.Length + kept : kept)], "gzip");
        Assert.Contains("no whole gzip", Told(answer), StringComparison.Ordinal);
        Assert.Equal((1, 0), (Only.Abandoned, Only.Completed));
    }

    [Fact]
    public async Task The_wrong_file_leaves_the_key_to_the_right_one()
    {
        Assert.Contains("The file is gzip", Told(await Send(Gzip(Lines), null)), StringComparison.Ordinal);
        Assert.Contains("UTF-16", Told(await Send(Encoding.Unicode.GetBytes(Lines), null)), StringComparison.Ordinal);
        Assert.Equal((2, 0, 0), (Only.Abandoned, Only.Completed, Only.Lines.All));
        Assert.Contains("UTF-16", Told(await Send(Encoding.Unicode.GetBytes(Lines), null, path: Path + "/preview?name=n&template_name=welcome")), StringComparison.Ordinal);

        var answer = await Send([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Lines.ReplaceLineEndings("\r\n"))], null);
        Assert.Equal((200, 2, 0), (answer.Code, answer.Json.GetProperty("queued").GetInt32(), answer.Json.GetProperty("failed").GetInt32()));
    }

    [Theory]
    [InlineData("{\"name\":\"n\"}\n{\n}\n", Ndjson, Query)]
    [InlineData("{\"name\":\"n\",\"template_name\":\"welcome\",\"audience\":[7,{\"name\":\"n\"},{}]}", "application/json", "")]
    public async Task An_audience_without_a_right_line_is_a_400_that_tells_its_lines(string body, string media, string query)
    {
        var answer = (await Send(Encoding.UTF8.GetBytes(body), null, media, Path + query)).IsProblem(400);
        var told = answer.Json.GetProperty("errors").GetProperty("audience").EnumerateArray().Select(line => line.GetString()!).ToList();
        Assert.Equal("Of 3 lines none is right. Nothing is sent, and nothing kept.", told[0]);
        Assert.Equal(["Line 1:", "Line 2:", "Line 3:"], told.Skip(1).Select(line => line[..7]));
    }

    [Fact]
    public async Task One_of_which_most_is_wrong_is_read_no_further_than_its_grain_says()
    {
        _api.Grains.OnCampaign = id =>
        {
            FakeCampaign campaign = new(id);
            campaign.OnAdd = () => Task.FromResult(campaign.Failed.Count <= 1000);
            return campaign;
        };
        var answer = (await Send(string.Concat(Enumerable.Repeat("7\n", 2_000_000)), "identity")).IsProblem(400);
        Assert.StartsWith("More than 1,000 lines are wrong, and more than are right: reading stopped at line 1,500.", Told(answer), StringComparison.Ordinal);
        Assert.Equal(1500, Only.Lines.All);
    }

    [Theory]
    [InlineData("/api/v1/messages", "{\"user_id\":\"u\",\"template_name\":\"welcome\"}")]
    [InlineData("/api/v1/campaigns", "{\"name\":\"n\",\"template_name\":\"welcome\",\"audience\":[{\"user_id\":\"a\"}]}")]
    public async Task A_JSON_body_may_begin_with_a_mark_and_is_told_when_it_is_something_else(string path, string body)
    {
        Assert.InRange((await Send([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(body)], null, "application/json", path)).Code, 200, 202);
        foreach (var (bytes, kind) in new[] { (Encoding.Unicode.GetBytes(body), "UTF-16"), (Encoding.UTF32.GetBytes(body), "UTF-32"), (Gzip(body), "gzip") })
        {
            var answer = (await Send(bytes, null, "application/json", path)).IsProblem(400);
            Assert.Contains($"{kind}. Wanted is JSON in UTF-8.", answer.Json.GetProperty("errors").GetProperty("body")[0].GetString(), StringComparison.Ordinal);
        }
    }

    private static string Told(Answer answer) => answer.IsProblem(400).Json.GetProperty("errors").GetProperty("audience")[0].GetString()!;
}
