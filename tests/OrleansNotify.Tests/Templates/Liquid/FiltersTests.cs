using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates.Liquid;

public sealed class FiltersTests
{
    [Theory]
    [InlineData("{{ 'a' | append: 'b' | upcase }}", "AB")]
    [InlineData("{{ missing | default: 'x' }}{{ no | default: 'y' }}{{ '  ' | default: 'z' }}{{ name | default: 'w' }}", "xyzAda")]
    [InlineData("{{ amount | default: 2 }}", "1.50")]
    [InlineData("{{ 'a b/c?d&é' | url_encode }}{{ missing | url_encode }}", "a%20b%2Fc%3Fd%26%C3%A9")]
    [InlineData("{{ 5 | money }} {{ 5.5 | money }} {{ 5.125 | money }} {{ '7' | money }} {{ -3 | money }}", "5.00 5.50 5.125 7.00 -3.00")]
    [InlineData("{{ 'abc' | money }}{{ '+5' | money }}{{ '007' | money }}{{ missing | money }}", "abc+5007")]
    [InlineData("{{ 1.500 | money }} {{ 1.5 | money: 'USD' }} {{ 1.5 | money: missing }} {{ 1.5 | money: 'XYZ' }} {{ 0.00012 | money: 'BTC' }}", "1.50 1.50 1.50 1.50 0.00012")]
    [InlineData("{{ 154500 | money: 'JPY' }} {{ 154500.00 | money: 'jpy ' }} {{ -5 | money: 'KRW' }} {{ 0.5 | money: 'JPY' }}", "154500 154500 -5 0.5")]
    [InlineData("{{ 12.5 | money: 'KWD' }} {{ 12 | money: 'BHD' }} {{ 12.50000 | money: 'TND' }} {{ 12 | money: 'CLF' }}", "12.500 12.000 12.500 12.0000")]
    [InlineData("{{ no | money: 'JPY' }}{{ 'n/a' | money: 'JPY' }}{{ missing | money: 'JPY' }}{{ '1e5' | money }}", "falsen/a1e5")]
    [InlineData("{{ ' aBC' | capitalize }}{{ '  ' | capitalize }}{{ missing | capitalize }}{{ 'Iİ' | downcase | size }}{{ 'i' | upcase }}{{ missing | upcase }}{{ missing | downcase }}", " Abc  2I")]
    [InlineData("{{ 1.5 | plus: 2 }} {{ '3' | minus: '0.5' }} {{ amount | times: 3 }} {{ 7 | divided_by: 2 }} {{ -2 | abs }}", "3.5 2.5 4.50 3.5 2")]
    [InlineData("{{ 2.345 | round: 2 }} {{ 2.5 | round }} {{ -2.5 | round }}", "2.35 3 -3")]
    [InlineData("{{ 'abcdef' | truncate: 4 }}{{ 'abc' | truncate }}{{ 'abcdef' | truncate: 5, '...' }}{{ missing | truncate }}", "abc…abcab...")]
    [InlineData("{{ '👨‍👩‍👧👨‍👩‍👧' | truncate: 9 }}", "👨‍👩‍👧…")]
    [InlineData("{{ 'a.b.c' | replace: '.', '--' }}{{ 'aba' | replace: 'a' }}{{ 'a' | replace: '', 'x' }}{{ '' | replace: 'a' }}", "a--b--cba")]
    [InlineData("{{ items | join: ', ' }}{{ items | join }}{{ missing | join }}", "one, twoone two")]
    [InlineData("{{ items | first }}{{ items | last }}{{ items | size }}{{ items | reverse | join }}{{ 'a,b' | split: ',' | join: '-' }}", "onetwo2two onea-b")]
    public void A_filter_makes(string source, string expected) => Assert.Equal(expected, Render(source));

    [Theory]
    [InlineData("{{ name | plus: 1 }}")]
    [InlineData("{{ 1 | divided_by: 0 }}")]
    [InlineData("{{ missing | times: 2 }}")]
    public void Arithmetic_with_what_is_no_number_fails(string source) => Assert.Throws<TemplateRenderException>(() => Render(source));

    private static string Render(string source) => Parts.Render(source, ("name", "Ada"), ("amount", 1.50m), ("no", false), ("items", new List<object?> { "one", "two" }));
}
