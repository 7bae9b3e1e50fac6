using System.IO.Pipelines;
using System.Text;
using CsCheck;
using OrleansNotify.Host.Api.Campaigns;

namespace OrleansNotify.Tests.Host.Api.Campaigns;

/// <summary>An audience of one recipient a line, read as it comes.</summary>
public sealed class NdjsonAudienceTests
{
    private static async Task<List<AudienceLine>> Read(byte[] text) =>
        await NdjsonAudience.Read(PipeReader.Create(new MemoryStream(text)), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    private static Task<List<AudienceLine>> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task Lines_are_numbered_from_1_and_blank_ones_count_but_are_none()
    {
        var lines = await Read("{\"user_id\":\"a\"}\n\n \t\r\n{\"user_id\":\"b\",\"vars\":{\"name\":\"B\"}}\r\n{\"user_id\":\"c\"}");
        Assert.Equal(
            [
                new CampaignRecipient { Line = 1, UserId = "a" },
                new CampaignRecipient { Line = 4, UserId = "b", Vars = TemplateVars.Parse("""{"name":"B"}""") },
                new CampaignRecipient { Line = 5, UserId = "c" },
            ],
            lines.Select(line => line.Recipient));
        Assert.All(lines, line => Assert.Equal((null, line.Recipient!.Line), (line.Error, line.Number)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \r\n\t\n  ")]
    public async Task Without_a_line_there_is_none(string text) => Assert.Empty(await Read(text));

    [Theory]
    [InlineData("{", "Is not JSON, or nested more than 32 levels deep, at byte 2.")]
    [InlineData("x", "Is not JSON, or nested more than 32 levels deep, at byte 1.")]
    [InlineData("{\"user_id\":\"a\"} {\"user_id\":\"b\"}", "Is not JSON, or nested more than 32 levels deep, at byte 17.")]
    [InlineData("null", "Must be an object.")]
    [InlineData("[]", "Must be an object.")]
    [InlineData("{}", "user_id: Is required.")]
    [InlineData("{\"user_id\":7}", "user_id: Must be a string of valid Unicode.")]
    [InlineData("{\"user_id\":null}", "user_id: Must not be null.")]
    [InlineData("{\"user_id\":\"\\ud800\"}", "user_id: Must be a string of valid Unicode.")]
    [InlineData("{\"user_id\":\"a\",\"line\":3}", "line: Is not a known field.")]
    [InlineData("{\"user_id\":\"a\",\"user_id\":\"b\"}", "user_id: Is given twice.")]
    [InlineData("{\"user_id\":\"a\",\"vars\":null}", "vars: Must be an object.")]
    [InlineData("{\"user_id\":\"a\",\"vars\":[]}", "vars: Must be an object.")]
    [InlineData("{\"user_id\":\"a\",\"vars\":{\"a\":1,\"a\":2}}", "vars.a: Is given twice.")]
    [InlineData("{\"user_id\":\"a\",\"vars\":{\"a\":\"\\udc00\"}}", "vars.a: Must be a string of valid Unicode.")]
    [InlineData("{\"user_id\":\"a\",\"\\ud800\":1}", "\\ud800: Is not a known field.")]
    public async Task A_wrong_line_fails_alone(string wrong, string error)
    {
        var lines = await Read($"{{\"user_id\":\"a\"}}\n{wrong}\n{{\"user_id\":\"b\"}}\n");
        Assert.Equal([("a", null), (null, error), ("b", null)], lines.Select(line => (line.Recipient?.UserId, line.Error)));
    }

    /// <summary>As an editor on Windows writes a file, and as two such files are put together.</summary>
    [Fact]
    public async Task A_byte_order_mark_and_CRLF_cost_no_recipient()
    {
        var lines = await Read("\ufeff{\"user_id\":\"a\"}\r\n{\"user_id\":\"b\"}\r\n\ufeff\r\n\ufeff {\"user_id\":\"c\"}\r\n");
        Assert.Equal([("a", 1), ("b", 2), ("c", 4)], lines.Select(line => (line.Recipient!.UserId, line.Number)));
    }

    [Theory]
    [InlineData("[{\"user_id\":\"a\"},{\"user_id\":\"b\"}]", "JSON array")]
    [InlineData("[\n  {\"user_id\":\"a\"}\n]", "JSON array")]
    [InlineData("user_id,name\na,Ada\n", "CSV")]
    [InlineData("\ufeffuser_id;name\r\na;Ada\r\n", "CSV")]
    [InlineData("\"user_id\"\t\"name\"\n", "CSV")]
    [InlineData("{\"user_id\":\"a\"}\r{\"user_id\":\"b\"}\r", "CR alone")]
    [InlineData("\r{\"user_id\":\"a\",\r\"vars\":{}}\r\r {\"user_id\":\"b\"}", "CR alone")]
    public async Task Another_kind_of_text_is_named_and_so_is_what_is_wanted(string text, string kind) => await IsAnother(Encoding.UTF8.GetBytes(text), kind);

    [Theory]
    [InlineData("utf-16", "UTF-16")]
    [InlineData("utf-16BE", "UTF-16")]
    [InlineData("utf-32", "UTF-32")]
    [InlineData("utf-32BE", "UTF-32")]
    public async Task So_is_another_encoding_with_and_without_its_mark(string name, string kind)
    {
        var encoding = Encoding.GetEncoding(name);
        var text = encoding.GetBytes("{\"user_id\":\"a\"}\r\n");
        await IsAnother(text, kind);
        await IsAnother([.. encoding.Preamble, .. text], kind);
    }

    [Theory]
    [InlineData(new byte[] { 0x1f, 0x8b, 8, 0, 10, 10 }, "gzip: send it with Content-Encoding")]
    [InlineData(new byte[] { 0x50, 0x4b, 3, 4, 20, 0, 10 }, "ZIP archive")]
    public async Task So_is_what_is_no_text(byte[] bytes, string kind) => await IsAnother(bytes, kind);

    [Theory]
    [InlineData("x, y {\n")]
    [InlineData("{\"user_id\":\"a\",\r\"vars\":{}\r}\r\n")]
    [InlineData("7\n")]
    public async Task What_may_be_a_slip_is_a_line_of_its_own(string text) => Assert.Single(await Read(text));

    private static async Task IsAnother(byte[] file, string kind)
    {
        var told = (await Assert.ThrowsAsync<InvalidDataException>(() => Read(file))).Message;
        Assert.Contains(kind, told, StringComparison.Ordinal);
        Assert.Contains("Wanted is NDJSON in UTF-8: one {\"user_id\": …, \"vars\": {…}} a line.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_fail_their_line_alone()
    {
        var lines = await Read(Encoding.Latin1.GetBytes("{\"user_id\":\"é\"}\n{\"é\":1,\"user_id\":\"b\"}\n{\"user_id\":\"c\"}"));
        Assert.Equal([null, null, "c"], lines.Select(line => line.Recipient?.UserId));
        Assert.StartsWith("user_id: ", lines[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_ends_in_the_middle_of_a_line_keeps_what_was_whole()
    {
        var lines = await Read("{\"user_id\":\"a\"}\n{\"user_id\":\"b\",\"va");
        Assert.Equal(["a", null], lines.Select(line => line.Recipient?.UserId));
        Assert.Equal((2, "Is not JSON, or nested more than 32 levels deep, at byte 19."), (lines[1].Number, lines[1].Error));
    }

    [Theory]
    [InlineData(NdjsonAudience.LongestLine, null)]
    [InlineData(NdjsonAudience.LongestLine + 1, "Is longer than 128 KiB.")]
    [InlineData(10 * NdjsonAudience.LongestLine, "Is longer than 128 KiB.")]
    public async Task A_line_over_32_KiB_fails_alone_wherever_it_stands(int length, string? error)
    {
        var line = "{\"user_id\":\"a\"}".PadRight(length);
        foreach (var end in (string[])["\n", "", "\n{\"user_id\":\"b\"}"])
        {
            var lines = await Read(line + end);
            Assert.Equal((1, error), (lines[0].Number, lines[0].Error));
            Assert.Equal(end.Length > 1 ? [2] : [], lines.Skip(1).Select(other => other.Recipient!.Line));
        }
    }

    [Fact]
    public async Task Any_pieces_of_a_text_give_the_lines_of_the_whole()
    {
        string[] pieces = ["{\"user_id\":\"a\"}", "", " ", "{", "{\"user_id\":\"b\",\"vars\":{\"n\":\"é\"}}", new string('x', 33_000), "\r"];
        var text =
            from lines in Gen.Int[0, pieces.Length - 1].Select(at => pieces[at]).Array[0, 12]
            from ends in Gen.Bool
            select Encoding.UTF8.GetBytes(string.Join('\n', lines) + (ends ? "\n" : ""));
        await Gen.Select(text, Gen.Int[1, 40_000].Array[1, 20]).SampleAsync(async sample =>
        {
            var (bytes, sizes) = sample;
            CountingReader body = new(PipeReader.Create(new InPieces(bytes, sizes), new StreamPipeReaderOptions(bufferSize: 64 * 1024)));
            var lines = await NdjsonAudience.Read(body).ToListAsync();
            Assert.Equal(await Read(bytes), lines);
            var count = Encoding.UTF8.GetString(bytes).Split('\n').Index().Count(line => line.Item.Trim().Length > 0);
            Assert.Equal(count, lines.Count);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task A_hundred_thousand_lines_are_never_in_memory_together()
    {
        CountingReader body = new(PipeReader.Create(new EndlessLines(100_000), new StreamPipeReaderOptions(bufferSize: 4096)));
        var (count, most) = (0, 0);
        await foreach (var lines in NdjsonAudience.Read(body, TestContext.Current.CancellationToken).Chunk(CampaignUploading.LinesInOneCall))
            (count, most) = (count + lines.Length, Math.Max(most, lines.Length));
        Assert.Equal((100_000, CampaignUploading.LinesInOneCall), (count, most));
        Assert.InRange(body.MostBytes, 1, 16 * 1024);
    }

    [Fact]
    public async Task Blank_lines_without_end_are_not_kept_and_are_counted()
    {
        var lines = await Read($"{new string('\n', 3_000_000)}{new string(' ', 3_000_000)}{{\"user_id\":\"a\"}}");
        Assert.Equal((3_000_001, "a"), (Assert.Single(lines).Number, lines[0].Recipient?.UserId));
    }

    [Fact]
    public async Task A_line_without_an_end_is_not_kept()
    {
        CountingReader body = new(PipeReader.Create(new EndlessLines(1, length: 64 << 20), new StreamPipeReaderOptions(bufferSize: 4096)));
        var line = Assert.Single(await NdjsonAudience.Read(body, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Is longer than 128 KiB.", line.Error);
        Assert.InRange(body.MostBytes, NdjsonAudience.LongestLine, 2 * NdjsonAudience.LongestLine);
    }
}
