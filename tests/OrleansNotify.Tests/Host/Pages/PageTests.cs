using OrleansNotify.Host.Pages;

namespace OrleansNotify.Tests.Host.Pages;

public sealed class PageTests
{
    [Fact]
    public void What_looks_like_a_place_inside_a_value_is_text() =>
        Assert.Equal("<p>{{b}}</p><b>{{a}}</b>", Page.Fill("<p>{{a}}</p><b>{{b}}</b>", new Dictionary<string, string> { ["a"] = "{{b}}", ["b"] = "{{a}}" }));
}
