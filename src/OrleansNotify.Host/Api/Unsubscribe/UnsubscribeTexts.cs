using System.Text.Json;
using OrleansNotify.Host.Pages;
using OrleansNotify.Users;

namespace OrleansNotify.Host.Api.Unsubscribe;

/// <summary>The texts of the unsubscribe pages in one language: a file inside the program, <c>Pages/unsubscribe.en.json</c>.</summary>
internal sealed record UnsubscribeTexts(
    Dictionary<string, string> Types, UnsubscribeText Ask, UnsubscribeText Done, UnsubscribeText Again, UnsubscribeText Unknown, UnsubscribeText Later)
{
    private static readonly Dictionary<string, UnsubscribeTexts> All = new[] { "en", "de" }.ToDictionary(language => language, Read);

    /// <summary>The language's tag.</summary>
    public string Language { get; init; } = "";

    /// <summary>The texts for a user, or, where the locale is not known, for a reader; English where there are none in their language.</summary>
    public static UnsubscribeTexts For(string? locale, HttpRequest request) => locale is null
        ? request.GetTypedHeaders().AcceptLanguage.Where(each => each.Quality is not 0).OrderByDescending(each => each.Quality ?? 1)
            .Select(each => Find(each.Value.Value)).FirstOrDefault(texts => texts is not null) ?? All["en"]
        : Find(locale) ?? All["en"];

    /// <summary>A type's name for a reader; it may be one that is not known here, such as <c>price_alert</c>.</summary>
    public string NameOf(string type) => Types.GetValueOrDefault(type) ?? type.Replace('_', ' ');

    private static UnsubscribeTexts? Find(string? tag) => LanguageTag.TryParse(tag, out var known) ? All.GetValueOrDefault(known.Split('-')[0]) : null;

    private static UnsubscribeTexts Read(string language) =>
        JsonSerializer.Deserialize<UnsubscribeTexts>(Page.Read($"unsubscribe.{language}.json"), JsonSerializerOptions.Web)! with { Language = language };
}

/// <summary>The texts of one page.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Text">Its text, with a place for the type.</param>
/// <param name="Button">Its button; null where it has none.</param>
internal sealed record UnsubscribeText(string Heading, string Text, string? Button);
