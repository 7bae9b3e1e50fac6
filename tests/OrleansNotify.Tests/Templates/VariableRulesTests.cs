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
    [InlineData("""{"name":["a"],"amount":1}""", "The variable name is a text, a number or a boolean, not a list.")]
    [InlineData("""{"name":{"a":1},"amount":1}""", "The variable name is a text, a number or a boolean, not an object.")]
    [InlineData("""{"name":"a","amount":1,"items":"one"}""", "The variable items is a list, not a text, a number or a boolean.")]
    public void A_list_an_object_and_a_text_are_different_things(string vars, string problem) => Assert.Equal(
        problem, TemplateFiles.Template(("telegram.liquid", "x")).Validate(TemplateVars.Parse(vars)).Values.Single().Single());

    [Theory]
    [InlineData("""{"name":true,"amount":"1.50","items":[]}""")]
    [InlineData("""{"name":1,"amount":false,"items":[{"a":[1]}]}""")]
    public void A_text_a_number_and_a_boolean_are_not(string vars) =>
        Assert.Empty(TemplateFiles.Template(("telegram.liquid", "x")).Validate(TemplateVars.Parse(vars)));

    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    public void Nesting_is_at_most_16_deep(int depth, bool refused)
    {
        var nested = string.Concat(Enumerable.Repeat("[", depth - 1)) + "{\"a\":1}" + new string(']', depth - 1);
        var errors = TemplateFiles.Template(("telegram.liquid", "x")).Validate(TemplateVars.Parse($$"""{"name":"a","amount":1,"items":{{nested}}}"""));

        Assert.Equal(refused, errors.Count > 0);
        if (refused) Assert.Equal("The variable items is nested more than 16 deep.", errors["template_vars.items"].Single());
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(201, true)]
    public void A_list_has_at_most_200_values(int count, bool refused)
    {
        var errors = TemplateFiles.Template(("telegram.liquid", "x"))
            .Validate(TemplateVars.Parse($$"""{"name":"a","amount":1,"items":[[{{string.Join(',', Enumerable.Repeat("1", count))}}]]}"""));

        Assert.Equal(refused, errors.Count > 0);
        if (refused) Assert.Equal("The variable items holds more than 200 values at one level.", errors["template_vars.items"].Single());
    }
}
