namespace OrleansNotify.Tests.Host.Api;

/// <summary>ETags, and the conditions that name them (RFC 9110, section 13.1), of both resources of a user.</summary>
public sealed class ConditionsTests(RunningHost running)
{
    private readonly WholeUser _user = new(running);

    private async Task<string> Known(string path) => (await _user.Ask("PUT", path, "{}")).Tag();

    [Theory]
    [InlineData("", """{"locale":"de"}""")]
    [InlineData("/preferences", """{"urgent_during_quiet_hours":false}""")]
    public async Task A_tag_stays_while_nothing_changes_and_is_another_after_a_change(string path, string change)
    {
        var first = await Known(path);
        Assert.Equal(first, (await _user.Ask("GET", path)).Tag());
        Assert.Equal(first, (await _user.Ask("PUT", path, "{}")).Tag());
        var second = (await _user.Ask("PUT", path, change)).Tag();
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, (await _user.Ask("PATCH", path, "{}")).Tag());
        Assert.NotEqual(first, (await _user.Ask("PUT", path, "{}")).Tag());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/preferences")]
    public async Task A_change_is_made_of_the_version_that_it_names_alone(string path)
    {
        var tag = await Known(path);
        foreach (var method in new[] { "PUT", "PATCH" })
        {
            foreach (var same in new[] { tag, $"\"x\", {tag}", $"{tag},\"y\"", "*" }) Assert.Equal(200, (await _user.Ask(method, path, "{}", same)).Code);
            foreach (var other in new[] { "\"x\"", "\"1\"", $"W/{tag}", "\"ffffffffffffffffffff\"", "\"\"" }) (await _user.Ask(method, path, "{}", other)).IsProblem(412);
            foreach (var malformed in new[] { "", "x", tag.Trim('"'), "\"a", $"*, {tag}", "\"a\";", "W/x" })
                Assert.Equal(["If-Match"], (await _user.Ask(method, path, "{}", malformed)).IsProblem(400).Fields);
            Assert.Equal(["If-None-Match"], (await _user.Ask(method, path, "{}", noneMatch: "x")).IsProblem(400).Fields);
            (await _user.Ask(method, path, "{}", noneMatch: "*")).IsProblem(412);
            (await _user.Ask(method, path, "{}", noneMatch: tag)).IsProblem(412);
            Assert.Equal(200, (await _user.Ask(method, path, "{}", noneMatch: "\"x\"")).Code);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/preferences")]
    public async Task Of_what_is_the_same_nothing_is_sent_again(string path)
    {
        var tag = await Known(path);
        foreach (var same in new[] { tag, $"W/{tag}", $"\"x\", {tag}", "*" })
        {
            var answer = await _user.Ask("GET", path, noneMatch: same);
            Assert.Equal((304, "", tag), (answer.Code, answer.Text, answer.Tag()));
        }

        Assert.Equal(200, (await _user.Ask("GET", path, noneMatch: "\"x\"")).Code);
        Assert.Equal(200, (await _user.Ask("GET", path, match: tag)).Code);
        (await _user.Ask("GET", path, match: "\"x\"")).IsProblem(412);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/preferences")]
    public async Task An_unknown_user_has_no_version(string path)
    {
        (await _user.Ask("PUT", path, "{}", "*")).IsProblem(412);
        (await _user.Ask("PUT", path, "{}", "\"1\"")).IsProblem(412);
        (await _user.Ask("PATCH", path, "{}", "*")).IsProblem(412);
        (await _user.Ask("PATCH", path, "{}")).IsProblem(404);
        (await _user.Ask("GET", path, match: "*")).IsProblem(404);
        Assert.Equal(200, (await _user.Ask("PUT", path, "{}", noneMatch: "*")).Code);
        (await _user.Ask("PUT", path, "{}", noneMatch: "*")).IsProblem(412);
    }

    [Fact]
    public async Task Who_says_that_there_was_nothing_may_bring_unsubscribes_along()
    {
        var made = await _user.Ask("PUT", "/preferences", """{"unsubscribed_types":["education"]}""", noneMatch: "*");
        Assert.Equal("""["education"]""", made.Json.GetProperty("unsubscribed_types").GetRawText());
    }

    [Fact]
    public async Task An_unsubscribe_is_a_change_of_the_preferences_and_not_of_the_user()
    {
        var (user, preferences) = (await Known(""), await Known("/preferences"));
        Assert.Equal(204, (await _user.Ask("PUT", "/unsubscribed-types/education")).Code);
        Assert.Equal(user, (await _user.Ask("GET")).Tag());
        var after = (await _user.Ask("GET", "/preferences")).Tag();
        Assert.NotEqual(preferences, after);
        Assert.Equal(204, (await _user.Ask("PUT", "/unsubscribed-types/education")).Code);
        Assert.Equal(after, (await _user.Ask("GET", "/preferences")).Tag());
        Assert.Equal(204, (await _user.Ask("DELETE", "/unsubscribed-types/education")).Code);
        Assert.Equal(204, (await _user.Ask("DELETE", "/unsubscribed-types/education")).Code);
        Assert.Equal("[]", (await _user.Ask("GET", "/preferences")).Json.GetProperty("unsubscribed_types").GetRawText());
    }

    [Fact]
    public async Task A_type_is_a_short_text_and_of_a_known_user()
    {
        (await _user.Ask("PUT", "/unsubscribed-types/education")).IsProblem(404);
        (await _user.Ask("DELETE", "/unsubscribed-types/education")).IsProblem(404);
        await Known("");
        Assert.Equal(["type"], (await _user.Ask("PUT", $"/unsubscribed-types/{new string('x', 65)}")).IsProblem(400).Fields);
        Assert.Equal(["type"], (await _user.Ask("PUT", "/unsubscribed-types/a%0Ab")).IsProblem(400).Fields);
        for (var i = 0; i < 200; i++) Assert.Equal(204, (await _user.Ask("PUT", $"/unsubscribed-types/t{i}")).Code);
        Assert.Equal(["type"], (await _user.Ask("PUT", "/unsubscribed-types/t200")).IsProblem(400).Fields);
        Assert.Equal(204, (await _user.Ask("PUT", "/unsubscribed-types/t7")).Code);
    }
}
