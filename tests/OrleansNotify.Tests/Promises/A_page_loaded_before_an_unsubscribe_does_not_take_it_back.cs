using System.Text.Json.Nodes;
using OrleansNotify.Tests.Host;
using OrleansNotify.Tests.Host.Api;

namespace OrleansNotify.Tests.Promises;

/// <summary>A settings page, a mail program's one-click, and the page saved afterwards: against a whole host.</summary>
public sealed class A_page_loaded_before_an_unsubscribe_does_not_take_it_back(RunningHost running)
{
    private const string Route = "/preferences";

    private readonly WholeUser _user = new(running);

    [Fact]
    public async Task Saved_without_a_version_it_saves_all_but_that()
    {
        var (page, _) = await Loaded();
        await _user.OneClick("education");

        page["urgent_during_quiet_hours"] = false;
        var saved = await _user.Ask("PUT", Route, page.ToJsonString());

        Assert.Equal((200, """["education"]"""), (saved.Code, TypesOf(saved)));
        Assert.False(saved.Json.GetProperty("urgent_during_quiet_hours").GetBoolean());
    }

    [Fact]
    public async Task Saved_with_its_version_it_is_told_to_look_again()
    {
        var (page, tag) = await Loaded();
        await _user.OneClick("education");

        (await _user.Ask("PUT", Route, page.ToJsonString(), tag)).IsProblem(412);

        var (again, newTag) = await Load();
        Assert.Equal("""["education"]""", again["unsubscribed_types"]!.ToJsonString());
        again["unsubscribed_types"] = new JsonArray();
        var saved = await _user.Ask("PUT", Route, again.ToJsonString(), newTag);
        Assert.Equal("[]", TypesOf(saved));
        Assert.NotEqual(newTag, saved.Tag());
    }

    [Fact]
    public async Task Nor_does_one_loaded_after_it_make_it_anew_once_it_was_taken_back()
    {
        await Loaded();
        await _user.OneClick("education");
        var (page, _) = await Load();
        Assert.Equal(204, (await _user.Ask("DELETE", "/unsubscribed-types/education")).Code);

        Assert.Equal("[]", TypesOf(await _user.Ask("PUT", Route, page.ToJsonString())));
        Assert.Equal("[]", TypesOf(await _user.Ask("PUT", Route, page.ToJsonString(), match: "*")));
    }

    [Fact]
    public async Task A_patch_that_would_is_told_to_name_what_it_was_made_from()
    {
        var (_, tag) = await Loaded();
        await _user.OneClick("education");
        const string Patch = """{"unsubscribed_types":[]}""";

        (await _user.Ask("PATCH", Route, Patch)).IsProblem(428);
        (await _user.Ask("PATCH", Route, Patch, tag)).IsProblem(412);
        var (page, newTag) = await Load();
        Assert.Equal("""["education"]""", page["unsubscribed_types"]!.ToJsonString());
        Assert.Equal("[]", TypesOf(await _user.Ask("PATCH", Route, Patch, newTag)));
    }

    private static string TypesOf(Answer answer) => answer.Json.GetProperty("unsubscribed_types").GetRawText();

    private async Task<(JsonObject Page, string Tag)> Loaded()
    {
        Assert.Equal(200, (await _user.Ask("PUT", Route, "{}")).Code);
        return await Load();
    }

    private async Task<(JsonObject Page, string Tag)> Load()
    {
        var answer = await _user.Ask("GET", Route);
        return (JsonNode.Parse(answer.Text)!.AsObject(), answer.Tag());
    }
}
