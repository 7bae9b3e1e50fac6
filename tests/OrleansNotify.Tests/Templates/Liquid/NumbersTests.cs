using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates.Liquid;

/// <summary>Numbers are numbers in conditions and filters, however JSON writes them.</summary>
public sealed class NumbersTests
{
    [Theory]
    [InlineData("-1e-05", "down")]
    [InlineData("-0.00001", "down")]
    [InlineData("-0.5", "down")]
    [InlineData("-1e-30", "down")]
    [InlineData("-1E400", "down")]
    [InlineData("-12345678901234567890123456789012", "down")]
    [InlineData("-1", "down")]
    [InlineData("0", "up")]
    [InlineData("-0", "up")]
    [InlineData("-0.0", "up")]
    [InlineData("0e-50", "up")]
    [InlineData("1e-05", "up")]
    [InlineData("2E+4", "up")]
    [InlineData("1234567890123456789012345", "up")]
    [InlineData("1e400", "up")]
    public void A_change_below_zero_is_down(string change, string said) =>
        Assert.Equal(said, With(change, "{% if change < 0 %}down{% else %}up{% endif %}"));

    [Theory]
    [InlineData("0", "change < 0.5", true)]
    [InlineData("0", "change == 0.5", false)]
    [InlineData("0", "0.5 > change", true)]
    [InlineData("0.3", "0 < change", true)]
    [InlineData("0.3", "0 == change", false)]
    [InlineData("0.3", "0 != change", true)]
    [InlineData("0.3", "0 <> change", true)]
    [InlineData("20000.0", "change == 20000", true)]
    [InlineData("2E+4", "change == 20000", true)]
    [InlineData("2E+4", "change >= 20000.01", false)]
    [InlineData("2E+4", "change <= 20000", true)]
    [InlineData("9007199254740993", "change > 9007199254740992.5", true)]
    [InlineData("1234567890123456789012345", "change > 1234567890123456789012344.0", true)]
    [InlineData("1234567890123456789012345.5", "change > 1234567890123456789012345.0", true)]
    [InlineData("1e400", "change > 5", true)]
    [InlineData("1e-30", "change == 0", false)]
    [InlineData("\"7\"", "change > 6.5", true)]
    [InlineData("\"7\"", "change == 7", true)]
    [InlineData("\"seven\"", "change > 6", false)]
    [InlineData("\"seven\"", "change == 7", false)]
    [InlineData("\"b\"", "change > 'a'", true)]
    [InlineData("\"10\"", "change > '9'", false)]
    [InlineData("true", "change > 0", false)]
    [InlineData("true", "change == true", true)]
    [InlineData("null", "change < 1", false)]
    [InlineData("null", "change == 0", false)]
    [InlineData("[1, 2.5]", "change contains 2.5", true)]
    [InlineData("[1, 2.5]", "change contains 2", false)]
    [InlineData("[1, 2.5]", "change contains 1.0", true)]
    [InlineData("[\"a\"]", "change contains 'a'", true)]
    [InlineData("\"level 5\"", "change contains 5", true)]
    [InlineData("\"level\"", "change contains missing", false)]
    [InlineData("5", "change contains 5", false)]
    public void Numbers_are_compared_by_value(string change, string condition, bool holds) =>
        Assert.Equal(holds ? "yes" : "no", With(change, $"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}"));

    [Theory]
    [InlineData("0", "{% case change %}{% when 0.5 %}half{% when 0 %}none{% endcase %}", "none")]
    [InlineData("-1e-05", "{{ change | abs }} {{ change | times: 2 }} {{ change | plus: 1 }}", "0.00001 -0.00002 0.99999")]
    [InlineData("2E+4", "{{ change | divided_by: 8 }} {{ change | round: 1 }} {{ change | money }} {{ change | append: '%' }}", "2500 20000 20000.00 20000%")]
    [InlineData("1234567890123456789012345", "{{ change | plus: 1 }}", "1234567890123456789012346")]
    [InlineData("[3, 1.5, 2E+0, 10]", "{{ change | sort | join: ' ' }}", "1.5 2 3 10")]
    [InlineData("[\"b\", null, \"a\", null]", "{{ change | sort | join: '-' }}", "a-b")]
    [InlineData("[2, \"x\", 1]", "{{ change | sort | size }}", "3")]
    [InlineData("[{\"n\":3,\"t\":\"c\"},{\"n\":1.5,\"t\":\"a\"},{\"t\":\"z\"}]", "{{ change | sort: 'n' | map: 't' | join }}", "z a c")]
    [InlineData("[{\"n\":5,\"t\":\"a\"},{\"n\":5.0,\"t\":\"b\"},{\"n\":5.4,\"t\":\"c\"},7]", "{{ change | where: 'n', 5 | map: 't' | join }}", "a b")]
    [InlineData("[{\"n\":5,\"t\":\"a\"},{\"n\":5.4,\"t\":\"b\"}]", "{{ change | where: 'n', 5.4 | map: 't' | join }}", "b")]
    [InlineData("[{\"n\":true,\"t\":\"a\"},{\"n\":false,\"t\":\"b\"},{\"t\":\"c\"}]", "{{ change | where: 'n' | map: 't' | join }}", "a")]
    [InlineData("null", "{{ change | where: 'n' | size }}{{ change | sort }}", "0")]
    [InlineData("\"ba\"", "{{ change | sort }}", "ba")]
    public void Filters_take_them(string change, string source, string text) => Assert.Equal(text, With(change, source));

    // As a request brings it.
    private static string With(string change, string source)
    {
        var manifest = new TemplateManifest { Name = "t", Type = "alert", Variables = [new TemplateVariable("change", false, "1", null)] };
        return Parts.Render(source, ("change", TemplateModel.Build(manifest, TemplateVars.Parse($$"""{"change":{{change}}}"""))["change"]));
    }
}
