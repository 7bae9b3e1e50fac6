using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class RequestMeaningTests
{
    private static SendRequest Request(string vars) => new() { TemplateName = "t", TemplateVars = TemplateVars.Parse(vars), IdempotencyKey = "k" };

    [Theory]
    [InlineData("""{"a":1,"b":[true,null,{"x":"y","z":2}]}""", """{ "b" : [true, null, {"z":2.0,"x":"y"}], "a" : 1 }""")]
    [InlineData("""{"n":1}""", """{"n":1.0}""")]
    [InlineData("""{"n":1}""", """{"n":1e0}""")]
    [InlineData("""{"n":1}""", """{"n":10E-1}""")]
    [InlineData("""{"n":1200}""", """{"n":1.2e+3}""")]
    [InlineData("""{"n":-0.00001}""", """{"n":-1e-05}""")]
    [InlineData("""{"n":0}""", """{"n":-0.0e7}""")]
    [InlineData("""{"n":1e99999999999999999999}""", """{"n":10e99999999999999999998}""")]
    [InlineData("""{"s":"é/😀\u2028"}""", """{"s":"\u00e9\/\ud83d\ude00\u2028"}""")]
    [InlineData("""{"a":1}""", """{"\u0061":1}""")]
    public void The_same_members_in_another_spelling_mean_the_same(string one, string other)
    {
        Assert.Equal(RequestMeaning.Of(Request(one)), RequestMeaning.Of(Request(other)));
        Assert.True(RequestMeaning.Is(RequestMeaning.Of(Request(one)), Request(other)));
    }

    [Theory]
    [InlineData("""{"n":1}""", """{"n":"1"}""")]
    [InlineData("""{"n":1}""", """{"n":10}""")]
    [InlineData("""{"n":1}""", """{"n":-1}""")]
    [InlineData("""{"n":1.0000000000000000000000001}""", """{"n":1}""")]
    [InlineData("""{"n":true}""", """{"n":false}""")]
    [InlineData("""{"n":null}""", "{}")]
    [InlineData("""{"n":[1,2]}""", """{"n":[2,1]}""")]
    [InlineData("""{"n":[[1],2]}""", """{"n":[[1,2]]}""")]
    [InlineData("""{"a":"b,c"}""", """{"a":"b","c":""}""")]
    [InlineData("""{"s":"a"}""", """{"s":"A"}""")]
    public void Other_values_mean_another(string one, string other) =>
        Assert.False(RequestMeaning.Is(RequestMeaning.Of(Request(one)), Request(other)));

    [Fact]
    public void Each_member_counts_and_what_goes_without_saying_does_not()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var plain = Request("{}");
        SendRequest[] all =
        [
            plain, plain with { TemplateName = "u" }, plain with { Channel = Channel.Push }, plain with { Channel = Channel.Email }, plain with { Priority = Priority.Campaign },
            plain with { Fallback = false }, plain with { Instrument = "x" }, plain with { AlertType = "x" }, plain with { SendAt = at }, plain with { ExpiresAt = at },
        ];
        Assert.Equal(all.Length, all.Select(request => Convert.ToHexString(RequestMeaning.Of(request))).Distinct().Count());
        Assert.Equal(RequestMeaning.Of(plain), RequestMeaning.Of(plain with { IdempotencyKey = "other", Fallback = true, Priority = Priority.Transactional }));
        Assert.Equal(RequestMeaning.Of(plain with { SendAt = at }), RequestMeaning.Of(plain with { SendAt = at.ToOffset(TimeSpan.FromHours(2)) }));
    }

    [Fact]
    public void A_key_that_was_kept_before_meanings_were_compared_is_known_by_its_text()
    {
        var request = Request("""{"a":1,"b":2}""");
        var kept = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request with { IdempotencyKey = null }));
        Assert.True(RequestMeaning.Is(kept, request));
        Assert.False(RequestMeaning.Is(kept, Request("""{"b":2,"a":1}""")));
        // One that begins like those of today.
        kept[0] = 1;
        Assert.False(RequestMeaning.Is(kept, request));
    }

    [Fact]
    public void A_decimal_keeps_its_meaning_in_every_spelling() => Gen.Decimal.Select(Gen.Int[-20, 20]).Sample((value, shift) =>
    {
        var text = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var shifted = RequestMeaning.Number($"{text}e{shift}");
        Assert.Equal(shifted, RequestMeaning.Number($"{text}{(text.Contains('.', StringComparison.Ordinal) ? "" : ".")}000E{shift:+00;-00}"));
        Assert.Equal(value == 0, shifted == "0");
    });
}
