using System.Text.Json;

namespace OrleansNotify.Tests;

public sealed class TemplateVarsTests
{
    [Fact]
    public void The_text_is_kept_without_white_space_and_its_letters_as_they_are()
    {
        var vars = TemplateVars.Parse("""{ "имя" : "Привет, \u0041 <b> 😀" , "n" : 1.50 , "list" : [ null, true ] }""");
        Assert.Equal("""{"имя":"Привет, A <b> 😀","n":1.50,"list":[null,true]}""", vars.Json);
        Assert.Equal(65, vars.SizeInBytes);
    }

    [Theory]
    [InlineData("\\ud83d\\ude00", "😀", 4)]
    [InlineData("👨‍👩‍👧", "👨‍👩‍👧", 18)]
    [InlineData("\\u2028\\ufeff", "\u2028\ufeff", 6)]
    [InlineData("\\u0000\\n", "\\u0000\\n", 8)]
    [InlineData("\\\\u0041\\\"\\u0041", "\\\\u0041\\\"A", 10)]
    public void A_text_counts_by_its_characters_and_not_by_how_they_are_escaped(string written, string kept, int bytes)
    {
        var vars = TemplateVars.Parse($$"""{"s":"{{written}}"}""");
        Assert.Equal($$"""{"s":"{{kept}}"}""", vars.Json);
        Assert.Equal(8 + bytes, vars.SizeInBytes);
        Assert.Equal(vars, TemplateVars.Parse(vars.Json));
    }

    [Fact]
    public void Variables_are_equal_when_their_texts_are() => Assert.Equal(TemplateVars.Parse("{ }"), TemplateVars.Empty);

    [Fact]
    public void Names_and_values_may_be_given_as_they_are()
    {
        static string[] List() => ["x"];
        Assert.Equal("""{"a":1,"b":null,"c":["x"]}""", TemplateVars.From(new Dictionary<string, object?> { ["a"] = 1, ["b"] = null, ["c"] = List() }).Json);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"{}\"")]
    [InlineData("{")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("{\"a\":[{\"b\":1,\"b\":2}]}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    public void What_is_no_object_or_ambiguous_or_no_Unicode_is_refused(string json)
    {
        Assert.ThrowsAny<JsonException>(() => TemplateVars.Parse(json));
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<TemplateVars>(json) ?? throw new JsonException());
    }

    [Fact]
    public void It_is_written_and_read_as_the_object_that_it_is()
    {
        var vars = TemplateVars.Parse("""{"a":{"b":"é"}}""");
        Assert.Equal(vars.Json, JsonSerializer.Serialize(vars));
        Assert.Equal(vars, JsonSerializer.Deserialize<TemplateVars>("""{ "a": { "b": "\u00e9" } }"""));
    }
}
