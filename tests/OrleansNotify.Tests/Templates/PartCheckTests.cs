namespace OrleansNotify.Tests.Templates;

/// <summary>Parts that must not start, and what is said of them.</summary>
public sealed class PartCheckTests
{
    [Theory]
    [InlineData("a\n{{ name", 2, "The braces have no end.")]
    [InlineData("a\n{% if name", 2, "The braces have no end.")]
    [InlineData("{{ name }}\n{{ 'unended }}", 2, "The braces have no end.")]
    [InlineData("{{ nam }}", 1, "The variable nam is not declared in the manifest.")]
    [InlineData("{% if name == 'x' and\nother %}{% endif %}", 1, "The variable other is not declared in the manifest.")]
    [InlineData("{{ items[index] }}", 1, "The variable index is not declared in the manifest.")]
    [InlineData("x{{ name | append: öl }}", 1, "The variable öl is not declared in the manifest.")]
    [InlineData("{{ later }}{% assign later = name %}", 1, "The variable later is not declared in the manifest.")]
    [InlineData("{% for x in things %}{% endfor %}", 1, "The variable things is not declared in the manifest.")]
    [InlineData("{{ name }}\n\n{{ name | escape }}", 3, "There is no filter escape; there are abs, append,")]
    [InlineData("{{ name | }}", 1, "There is no filter ; there are")]
    [InlineData("{{ (1..3) | join }}", 1, "A range stands in a for alone.")]
    [InlineData("{% include 'x' %}", 1, "The tag include cannot be used; there are assign, break, capture, case, comment, continue, else, elsif, for, if, raw, unless, when.")]
    [InlineData("{% cycle name, 'x' %}", 1, "The tag cycle cannot be used;")]
    [InlineData("{% %}", 1, "Tag '{% %}' was not properly terminated")]
    [InlineData("x{% endif %}", 1, "{% endif %} ends nothing that is open.")]
    [InlineData("{% if name %}\n{% endfor %}", 2, "{% endfor %} ends nothing that is open.")]
    [InlineData("x\n{% if name %}\n{% if name %}{% endif %}", 2, "{% if %} has no end.")]
    [InlineData("x\n{% raw %}\n{{ }}", 2, "{% raw %} has no end.")]
    [InlineData("{% assign x %}", 1, "{% assign %} is not written as it should be.")]
    [InlineData("{% capture x y %}{% endcapture %}", 1, "{% capture %} is not written as it should be.")]
    [InlineData("{% for x of items %}{% endfor %}", 1, "{% for %} is not written as it should be.")]
    [InlineData("{% for a in items %}{% for b in items %}\n{% for c in items %}{% endfor %}{% endfor %}{% endfor %}", 2, "Loops stand at most two deep.")]
    [InlineData("a\n{% if name %}{% raw %}x{% endraw %}\n{% elsif %}{% endif %}", 3, "Syntax Error in 'if' tag")]
    [InlineData("a\n{% else %}", 2, "")]
    public void Liquid_that_does_not_do_what_it_seems_to(string source, int line, string problem) => Refuses("telegram.liquid", source, line, problem);

    [Theory]
    [InlineData("Price: 1.5", 1, "With the samples: Telegram would refuse it: '.' is reserved and must be escaped with a backslash.")]
    [InlineData("{% comment %}1.5{% endcomment %}\n{{ name }}\n\nline 4\nnow!", 5, "With the samples: Telegram would refuse it: '!' is")]
    [InlineData("x\n*{{ name }}", 2, "With the samples: Telegram would refuse it: '*' begins a format that has no end.")]
    [InlineData("x\n{%- if note -%}\n\n a.b\n{%- endif %}", 4, "With the samples: Telegram would refuse it: '.' is")]
    [InlineData("x{% unless note %}\n(none){% endunless %}", 2, "With the optional variables missing: Telegram would refuse it: '(' is")]
    [InlineData("{% case name %}{% when 'a', \"b\" %}x\n{% else %}x{% endcase %}{% if name == 'b' %}\ny.{% endif %}", 3, "With name = b: Telegram would refuse it: '.' is")]
    [InlineData("x{% if amount == -2.5 %}\n.{% endif %}", 2, "With amount = -2.5: Telegram would refuse it: '.' is")]
    [InlineData("x{% if amount > 10 %}1{% else %}{% if amount == 7 %}-{% endif %}{% endif %}", 1, "With amount = 7: Telegram would refuse it: '-' is")]
    [InlineData("_{{ name }}_", 1, "With empty variables: Telegram would refuse it: '_' begins a format that has no end.")]
    [InlineData("_{{ name }}_ and _{{ note }}_", 1, "With the optional variables missing: Telegram would refuse it:")]
    [InlineData("_{{ name }}_ and _{{ amount }}_", 1, "With an empty name: Telegram would refuse it:")]
    [InlineData("{% if items == empty %}.{% endif %}x", 1, "With an empty items: Telegram would refuse it: '.' is")]
    [InlineData("x\n\\{{ name }}", 2, "With special characters in the variables: Telegram would refuse it:")]
    [InlineData("```{{ name }}\nx```", 1, "With special characters in the variables: A value becomes markup, such as the language of a code block.")]
    [InlineData("{{ note }}", 1, "With the optional variables missing: The text is empty.")]
    [InlineData("[x](/dashboard/{{ name }})", 1, "With the samples: Telegram would drop the link /dashboard/Ada: it is not absolute. Begin it with {{ app_url }}.")]
    [InlineData("x\n[x]({{ name }})", 2, "With the samples: A variable cannot say where a link leads. Begin a link with {{ app_url }}/, {{ public_url }}/ or a site of your own,")]
    [InlineData("x\n[x](https://{{ name }}/y)", 2, "With the samples: A variable cannot be a link's host. ")]
    [InlineData("x\n[x]({{ app_url }}{{ name }})", 2, "With the samples: A variable follows a link's host without a / between them. ")]
    [InlineData("x\nhttps://app\\.{{ name }}", 2, "With the samples: A variable follows a link's host without a / between them. ")]
    [InlineData("{% for i in (1..200) %}aaaaaaaaaaaaaaaaaaaaa{% endfor %}", 1, "With the samples: The text is over 4096 characters.")]
    [InlineData("x\n{{ name | plus: 1 }}", 2, "With the samples: Not a number.")]
    [InlineData("x\n{{ name | append }}", 2, "With the samples:")]
    [InlineData("x{% capture y %}{{ name }}{% endcapture %}\n{{ y | upcase }}", 2, "With the samples:")]
    [InlineData("{{ amount | plus: 1 }}{% if amount == 3 %}\n.{% endif %}", 1, "With the samples: Telegram would refuse it", true)]
    public void Telegram_texts(string source, int line, string problem, bool fine = false)
    {
        if (fine) source = source.Replace("\n.", "", StringComparison.Ordinal);
        if (fine) Assert.NotNull(TemplateFiles.Template(("telegram.liquid", source)));
        else Refuses("telegram.liquid", source, line, problem);
    }

    [Theory]
    [InlineData("{\n\"title\": \"x\",\n}", 3, "With the samples: It is not the JSON of a push: ")]
    [InlineData("{\"title\":\"x\",\"data\":{\"url\":\"{{ app_url }}/x\"}}", 1, "With the samples: The data.url of a push is a path. Begin a link with")]
    [InlineData("{\"title\":\"x\",\"data\":{\"url\":\"https://app.example/x\"}}", 1, "With the samples: It is not the JSON of a push: The data.url of a push is a path of the product, such as /dashboard.")]
    [InlineData("{\"title\":\"x\",\"data\":{\"url\":\"//{{ name }}\"}}", 1, "With the samples: It is not the JSON of a push: The data.url of a push is a path")]
    [InlineData("{\"title\":\"x\",\"data\":{\"url\":7}}", 1, "With the samples: It is not the JSON of a push: The data.url of a push is a path")]
    [InlineData("[]", 1, "With the samples: It is not the JSON of a push: A push is a JSON object.")]
    [InlineData("{}", 1, "With the samples: It is not the JSON of a push: A push needs a title, which is a text.")]
    [InlineData("{\"title\":1}", 1, "With the samples: It is not the JSON of a push: A push needs a title, which is a text.")]
    [InlineData("{\"title\":\"x\",\"body\":null}", 1, "With the samples: It is not the JSON of a push: The body of a push is a text.")]
    [InlineData("{\"title\":\"x\",\n\"n\":{{ amount }}}", 2, "With empty variables: It is not the JSON of a push: ")]
    [InlineData("{\"title\":\"x\",\n\"n\":0{{ items.size }}{% if name %}{{ name.size }}{% endif %}}", 2, "With ")]
    [InlineData("{\"title\":\"{% for i in (1..200) %}aaaaaaaaaaaaa{% endfor %}\"}", 1, "With the samples: The push is over 2500 bytes.")]
    [InlineData("{\"title\":\"x\"{% if note %},\"y\":1{% else %},{% endif %}\n}", 2, "With the optional variables missing: It is not the JSON of a push: ")]
    public void Pushes(string source, int line, string problem) => Refuses("push.json.liquid", source, line, problem);

    [Theory]
    [InlineData("<p>\n<a\nhref=/x>y</a>", 2, "With the samples: A mail has no page to which the link /x could be relative. Begin it with {{ app_url }}.")]
    [InlineData("<p>\n\n<img src='images/{{ name }}.png'>", 3, "With the samples: A mail has no page to which the link images/Ada.png")]
    [InlineData("<p>x\n<a href=\"{{ name }}\">y</a>", 2, "With the samples: A variable cannot say where a link leads. ")]
    [InlineData("<p>x\n<a href='https:{{ name }}'>y</a>", 2, "With the samples: A variable cannot be a link's host. ")]
    [InlineData("<p>x\n<a title={{ name }}>y</a>", 2, "With special characters in the variables: A value stands where it becomes markup: outside quotes, or in a script or style.")]
    [InlineData("<p>x\n<style>p{color:{{ name }}}</style>", 2, "With special characters in the variables: A value stands where it becomes markup")]
    [InlineData("<p>x<script>'{{ name }}'</script>", 1, "With special characters in the variables: A value stands where it becomes markup")]
    [InlineData("<p>x\n<p>{{ name | safe }}", 2, "With special characters in the variables: A value stands where it becomes markup")]
    public void HTML(string source, int line, string problem)
    {
        var problems = TemplateFiles.ProblemsOf(("email.subject.liquid", "x"), ("email.html.liquid", source));

        Assert.StartsWith($"t/email.html.liquid:{line}: {problem}", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_is_not_empty() => Assert.Equal(
        ["t/email.subject.liquid:1: With the optional variables missing: The subject is empty."],
        TemplateFiles.ProblemsOf(("email.subject.liquid", "{{ note }}"), ("email.html.liquid", "<p>x")));

    [Fact]
    public void A_locale_is_checked_too() => Assert.StartsWith(
        "t/de/telegram.liquid:1: With the samples: Telegram would refuse it",
        Assert.Single(TemplateFiles.ProblemsOf(("telegram.liquid", "x"), ("de/telegram.liquid", "x."))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{% assign a-b = name %}{{ a-b }}", true)]
    [InlineData("{% if name contains 'x' or amount >= 1.5 and note != blank %}a{% elsif name startsWith 'y' %}b{% else %}c{% endif %}", false)]
    [InlineData("{% for item in items reversed limit:2 offset:1 %}{{ item.name }}{{ forloop.index }}{% break %}{% endfor %}x", false)]
    [InlineData("{% for i in (1..amount) %}{{ i }}{% endfor %}x", false)]
    [InlineData("{% capture x %}{{ name }}{% endcapture %}{% unless x == empty %}{{ x }}{% endunless %}x", false)]
    [InlineData("{% raw %}{{ undeclared }}{% endraw %}", true)]
    [InlineData("{%- comment -%}{{ undeclared }}{% if %}{%- endcomment -%}x", false)]
    [InlineData("{{ name | truncate: 5 | default: \"n/a\" }}", false)]
    [InlineData("{{ public_url }} {{ app_url }} {{ unsubscribe_url }}{{ nil }}{{ true }}", false)]
    public void Liquid_that_may_be_used(string source, bool refused)
    {
        if (refused) Assert.NotEmpty(TemplateFiles.ProblemsOf(("telegram.liquid", source)));
        else Assert.NotNull(TemplateFiles.Template(("telegram.liquid", source)));
    }

    private static void Refuses(string file, string source, int line, string problem) =>
        Assert.StartsWith($"t/{file}:{line}: {problem}", Assert.Single(TemplateFiles.ProblemsOf((file, source))), StringComparison.Ordinal);
}
