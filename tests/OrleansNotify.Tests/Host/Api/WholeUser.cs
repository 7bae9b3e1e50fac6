using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Channels.Email;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>A user of a whole host, of whom nothing is known at first, asked about over HTTP.</summary>
internal sealed class WholeUser(RunningHost running)
{
    public string Id { get; } = $"u-{Guid.NewGuid():N}";

    /// <summary>Asks about the user.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">What follows the user's id.</param>
    /// <param name="body">The body.</param>
    /// <param name="match">The header If-Match.</param>
    /// <param name="noneMatch">The header If-None-Match.</param>
    /// <param name="media">The body's type.</param>
    public async Task<Answer> Ask(
        string method, string path = "", string? body = null, string? match = null, string? noneMatch = null, string media = "application/json")
    {
        using var http = await running.Browser();
        using var request = new HttpRequestMessage(new(method), $"/api/v1/users/{Id}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await running.Token(Roles.Owner));
        if (match is not null) Assert.True(request.Headers.TryAddWithoutValidation("If-Match", match));
        if (noneMatch is not null) Assert.True(request.Headers.TryAddWithoutValidation("If-None-Match", noneMatch));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, media);
        return await Answer.Of(await http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>What a mail program does with a mail's unsubscribe link (RFC 8058).</summary>
    public async Task OneClick(string type)
    {
        using var http = await running.Browser();
        var token = (await running.Get()).App.Services.GetRequiredService<UnsubscribeLinks>().Create(Id, type);
        using FormUrlEncodedContent form = new([new("List-Unsubscribe", "One-Click")]);
        using var response = await http.PostAsync(new Uri($"/unsubscribe/{token}", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
    }
}

internal static class AnswerTags
{
    /// <summary>The strong tag of an answer.</summary>
    public static string Tag(this Answer answer)
    {
        Assert.False(answer.Headers.ETag!.IsWeak);
        return answer.Headers.ETag.ToString();
    }
}
