using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

public sealed class VariableRulesTests
{
    [Fact]
    public void Missing_and_null_are_the_same_and_optional_ones_are_allowed()
    {
        var template = TemplateFiles.Template(("telegram.liquid", "{{ name }}"));

        Assert.Equal(["template_vars.name", "template_vars.amount"], template.Validate(TemplateVars.Parse("""{"name":null,"note":null}""")).Keys);
        Assert.Equal("The template needs the variable name.", template.Validate(TemplateVars.Empty)["template_vars.name"].Single());
        Assert.Empty(template.Validate(TemplateVars.Parse("""{"name":"","amount":0}""")));
    }

    [Fact]
    public void Variables_that_the_manifest_does_not_name_are_let_through() => Assert.Empty(
        TemplateFiles.Template(("telegram.liquid", "x")).Validate(TemplateVars.Parse("""{"name":"a","amount":1,"more":{"b":[]}}""")));

    [Theory]
    [InlineData("""{"name":["a"],"amount":1}""", "The variable name is a text, not a list.")]
    [InlineData("""{"name":{"a":1},"amount":1}""", "The variable name is a text, not an object.")]
    [InlineData("""{"name":"a","amount":1,"items":"one"}""", "The variable items is a list, not a text.")]
    public void A_list_an_object_and_a_text_are_different_things(string vars, string problem) => Assert.Equal(
        problem, TemplateFiles.Template(("telegram.liquid", "x")).Validate(TemplateVars.Parse(vars)).Values.Single().Single());

    [Theory]
    [InlineData("""{"name":1,"amount":1}""", "name", "name is a text, not a number")]
    [InlineData("""{"name":1.5e3,"amount":1}""", "name", "name is a text, not a number")]
    [InlineData("""{"name":true,"amount":1}""", "name", "name is a text, not a boolean")]
    [InlineData("""{"name":"a","amount":"1.50"}""", "amount", "amount is a number, not a text")]
    [InlineData("""{"name":"a","amount":"-0.5"}""", "amount", "amount is a number, not a text")]
    [InlineData("""{"name":"a","amount":""}""", "amount", "amount is a number, not a text")]
    [InlineData("""{"name":"a","amount":false}""", "amount", "amount is a number, not a boolean")]
    [InlineData("""{"name":"a","amount":1,"yes":"true"}""", "yes", "yes is a boolean, not a text")]
    [InlineData("""{"name":"a","amount":1,"yes":1}""", "yes", "yes is a boolean, not a number")]
    [InlineData("""{"name":"a","amount":1,"items":["x",2]}""", "items[1]", "items[1] is a text, not a number")]
    [InlineData("""{"name":"a","amount":1,"items":[{"a":1}]}""", "items[0]", "items[0] is a text, not an object")]
    [InlineData("""{"name":"a","amount":1,"mixed":[true]}""", "mixed[0]", "mixed[0] is a number, not a boolean")]
    [InlineData("""{"name":"a","amount":1,"rows":[{"price":1},{"price":"1"}]}""", "rows[1].price", "rows[1].price is a number, not a text")]
    [InlineData("""{"name":"a","amount":1,"rows":[{"tags":["x",[]]}]}""", "rows[0].tags[1]", "rows[0].tags[1] is a text, not a list")]
    [InlineData("""{"name":"a","amount":1,"one":{"price":{}}}""", "one.price", "one.price is a number, not an object")]
    public void A_value_is_of_the_type_of_the_sample(string vars, string field, string problem)
    {
        var (key, said) = Assert.Single(Typed().Validate(TemplateVars.Parse(vars)));

        Assert.Equal(($"template_vars.{field}", $"The variable {problem}."), (key, Assert.Single(said)));
    }

    [Theory]
    [InlineData("""{"name":"1.50","amount":-1e-05,"yes":false,"items":["2"],"mixed":[1,"x",2E+4],"rows":[{"price":0,"tags":["x"]}],"one":{"price":1}}""")]
    [InlineData("""{"name":"","amount":1e400,"yes":null,"items":[],"mixed":[],"rows":[{"price":null,"more":[{}]},{},null],"one":{}}""")]
    [InlineData("""{"name":"a","amount":1,"anything":[{"a":1},2,"x",[true]],"nothing":[1]}""")]
    public void Numbers_of_every_form_what_is_missing_and_what_no_sample_speaks_of_are_taken(string vars) =>
        Assert.Empty(Typed().Validate(TemplateVars.Parse(vars)));

    [Fact]
    public void What_was_accepted_before_needs_but_be_there()
    {
        Assert.True(Typed().HasAll(TemplateVars.Parse("""{"name":1,"amount":"1.50","items":7}""")));
        Assert.False(Typed().HasAll(TemplateVars.Parse("""{"name":"a","amount":null}""")));
    }

    private static MessageTemplate Typed()
    {
        using var files = new TemplateFiles();
        files.Write("t/template.yaml", """
            type: alert
            variables:
              name: { sample: Ada }
              amount: { sample: 1.50 }
              yes: { required: false, sample: true }
              items: { required: false, sample: [one, two] }
              mixed: { required: false, sample: [1, x] }
              rows: { required: false, sample: [ { price: 1, tags: [a] } ] }
              one: { required: false, sample: { price: 1 } }
              anything: { required: false, sample: [] }
              nothing: { required: false, sample: [null] }
            """);
        files.Write("t/telegram.liquid", "x");
        return files.Load().Find("t")!;
    }

    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    public void Nesting_is_at_most_16_deep(int depth, bool refused)
    {
        var nested = string.Concat(Enumerable.Repeat("[", depth - 1)) + "{\"a\":1}" + new string(']', depth - 1);
        var errors = Typed().Validate(TemplateVars.Parse($$"""{"name":"a","amount":1,"anything":{{nested}}}"""));

        Assert.Equal(refused, errors.Count > 0);
        if (refused) Assert.Equal("The variable anything is nested more than 16 deep.", errors["template_vars.anything"].Single());
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(201, true)]
    public void A_list_has_at_most_200_values(int count, bool refused)
    {
        var errors = Typed()
            .Validate(TemplateVars.Parse($$"""{"name":"a","amount":1,"anything":[[{{string.Join(',', Enumerable.Repeat("1", count))}}]]}"""));

        Assert.Equal(refused, errors.Count > 0);
        if (refused) Assert.Equal("The variable anything holds more than 200 values at one level.", errors["template_vars.anything"].Single());
    }
}
