using System.Reflection;
using OrleansNotify.Tests.Templates;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.Tests.Users.Validation;

public class RequestRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly TemplateVars Vars = Shipped.Catalog.Find("price_alert_triggered")!.SampleVars;

    private static SendRequest Request => new() { TemplateName = "price_alert_triggered", TemplateVars = Vars };

    [Fact]
    public void A_request_with_all_that_its_template_needs_is_right() => Assert.Empty(Check(Request));

    [Fact]
    public void Every_field_may_be_given() => Assert.Empty(Check(Request with
    {
        Channel = Channel.Email,
        Priority = Priority.Campaign,
        Fallback = false,
        IdempotencyKey = new string('k', 128),
        Instrument = new string('i', 64),
        AlertType = "Größer als",
        SendAt = Now.AddDays(364),
        ExpiresAt = Now.AddDays(365),
    }));

    [Theory]
    [InlineData("price_alert_trigered", "price_alert_triggered, ")]
    [InlineData("position_failure", "position_failure_sl, position_failure_tp, ")]
    [InlineData("Welcome", "welcome, ")]
    public void An_unknown_template_is_answered_with_the_nearest_names(string name, string nearest)
    {
        var error = Single(Check(Request with { TemplateName = name }), "template_name");
        Assert.StartsWith($"There is no such template. The nearest names are: {nearest}", error);
        Assert.Equal(4, error.Count(c => c == ','));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void A_template_name_is_required(string? name) =>
        Assert.Equal("Is required: the name of a template.", Single(Check(Request with { TemplateName = name! }), "template_name"));

    [Fact]
    public void A_template_name_of_any_length_is_answered() =>
        Assert.Contains("no such template", Single(Check(Request with { TemplateName = new string('x', 1_000_000) }), "template_name"));

    [Fact]
    public void A_missing_variable_is_named_beside_the_other_problems()
    {
        var errors = Check(Request with { TemplateVars = TemplateVars.Empty, IdempotencyKey = "" });
        Assert.Contains("template_vars.instrument", errors.Keys);
        Assert.Contains("template_vars.trigger_price", errors.Keys);
        Assert.Contains("idempotency_key", errors.Keys);
    }

    [Fact]
    public void A_missing_variable_alone_is_named() =>
        Assert.Contains("template_vars.condition", Check(Request with { TemplateVars = TemplateVars.Empty }).Keys);

    [Theory]
    [InlineData(16 * 1024, true)]
    [InlineData((16 * 1024) + 1, false)]
    public void Variables_have_16_KiB_at_most(int bytes, bool fits)
    {
        var frame = Vars.Json[..^1] + ",\"more\":\"\"}";
        var vars = TemplateVars.Parse(Vars.Json[..^1] + $",\"more\":\"{new string('x', bytes - frame.Length)}\"}}");
        Assert.Equal(bytes, vars.SizeInBytes);
        var errors = Check(Request with { TemplateVars = vars });
        if (fits) Assert.Empty(errors);
        else Assert.Equal("Must be at most 16384 bytes: pass the longer texts by a link.", Single(errors, "template_vars"));
    }

    [Theory]
    [InlineData(null, "Must be an object.")]
    [InlineData("[1]", "Must be an object.")]
    [InlineData("null", "Must be an object.")]
    [InlineData("{", "Is not JSON, or nested too deep.")]
    [InlineData("", "Is not JSON, or nested too deep.")]
    [InlineData("{} {}", "Is not JSON, or nested too deep.")]
    public void Variables_that_a_silo_client_made_up_are_refused(string? json, string problem) =>
        Assert.Equal(problem, Single(Check(Request with { TemplateVars = Forged(json) }), "template_vars"));

    [Fact]
    public void Variables_that_nest_without_end_are_refused() =>
        Assert.Equal(
            "Is not JSON, or nested too deep.",
            Single(Check(Request with { TemplateVars = Forged("{\"a\":" + new string('[', 5000) + new string(']', 5000) + "}") }), "template_vars"));

    [Fact]
    public void Missing_variables_are_refused() =>
        Assert.Equal("Must be an object.", Single(Check(Request with { TemplateVars = null! }), "template_vars"));

    [Fact]
    public void A_channel_that_the_template_has_no_part_for_is_refused()
    {
        var template = TemplateFiles.Template(("telegram.liquid", "Hello"), ("push.json.liquid", """{"title":"t","body":"b"}"""));
        SendRequest request = new() { TemplateName = "t", TemplateVars = template.SampleVars };
        Assert.Equal(
            "The template has no part for this channel. It has: push, telegram.",
            Single(RequestRules.Check(request with { Channel = Channel.Email }, template, Shipped.Catalog, Now), "channel"));
        Assert.Empty(RequestRules.Check(request with { Channel = Channel.Push }, template, Shipped.Catalog, Now));
    }

    [Fact]
    public void Enumeration_values_that_we_do_not_know_are_refused()
    {
        var errors = Check(Request with { Channel = (Channel)7, Priority = (Priority)(-1) });
        Assert.Equal(["Must be one of: push, telegram, email."], errors["channel"]);
        Assert.Equal(["Must be one of: transactional, campaign."], errors["priority"]);
        Assert.Equal(2, errors.Count);
    }

    [Fact]
    public void The_channel_of_an_unknown_template_is_not_judged() =>
        Assert.Equal(["template_name"], Check(Request with { TemplateName = "nothing", Channel = Channel.Push }).Keys);

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\u0000")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    public void Short_texts_keep_to_one_line(string text)
    {
        var errors = Check(Request with { IdempotencyKey = text, Instrument = text, AlertType = text });
        Assert.Equal(["Must be 1 to 128 characters without control characters."], errors["idempotency_key"]);
        Assert.Equal(["Must be 1 to 64 characters without control characters."], errors["instrument"]);
        Assert.Equal(["Must be 1 to 64 characters without control characters."], errors["alert_type"]);
    }

    [Fact]
    public void Short_texts_are_short() => Assert.Equal(
        ["alert_type", "idempotency_key", "instrument"],
        Check(Request with { IdempotencyKey = new string('k', 129), Instrument = new string('i', 65), AlertType = new string('a', 65) }).Keys.Order());

    [Fact]
    public void Times_lie_within_a_year()
    {
        var late = Now.AddDays(365).AddTicks(1);
        Assert.Empty(Check(Request with { SendAt = Now.AddDays(365) }));
        Assert.Empty(Check(Request with { ExpiresAt = Now.AddDays(365) }));
        Assert.Equal("Must be at most 365 days ahead.", Single(Check(Request with { SendAt = late }), "send_at"));
        Assert.Equal("Must be at most 365 days ahead.", Single(Check(Request with { ExpiresAt = late }), "expires_at"));
        Assert.Equal(["expires_at", "send_at"], Check(Request with { SendAt = DateTimeOffset.MaxValue, ExpiresAt = DateTimeOffset.MaxValue }).Keys.Order());
    }

    [Fact]
    public void Times_that_have_passed_or_contradict_each_other_are_for_the_decision_to_judge()
    {
        Assert.Empty(Check(Request with { SendAt = DateTimeOffset.MinValue, ExpiresAt = Now.AddDays(-1) }));
        Assert.Empty(Check(Request with { SendAt = Now.AddDays(2), ExpiresAt = Now.AddDays(1) }));
    }

    private static IReadOnlyDictionary<string, string[]> Check(SendRequest request) =>
        RequestRules.Check(request, Shipped.Catalog.Find(request.TemplateName), Shipped.Catalog, Now);

    private static string Single(IReadOnlyDictionary<string, string[]> errors, string field)
    {
        var (name, texts) = Assert.Single(errors);
        Assert.Equal(field, name);
        return Assert.Single(texts);
    }

    /// <summary>What the serializer makes of another client's bytes: it sets the text as it came.</summary>
    private static TemplateVars Forged(string? json) =>
        (TemplateVars)typeof(TemplateVars).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [typeof(string)])!.Invoke([json]);
}
