using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansNotify.Host.Pages;

/// <summary>The host's own pages: files inside the program, whose places are filled with encoded text.</summary>
internal static partial class Page
{
    private static readonly ConcurrentDictionary<string, string> Files = new();

    /// <summary>A page whose <c>{{name}}</c> places are filled; the values are markup already.</summary>
    public static IResult Of(string name, params (string Name, string Markup)[] places) => Of(name, StatusCodes.Status200OK, places);

    /// <inheritdoc cref="Of(string, ValueTuple{string, string}[])"/>
    public static IResult Of(string name, int status, params (string Name, string Markup)[] places)
    {
        var page = Read("layout.html").Replace("{{content}}", Read(name + ".html"), StringComparison.Ordinal);
        return Results.Content(Fill(page, places.ToDictionary(place => place.Name, place => place.Markup)), "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    /// <summary>Fills all places in one pass: what a value looks like is no place.</summary>
    public static string Fill(string page, IReadOnlyDictionary<string, string> places) =>
        Place().Replace(page, match => places[match.Groups["name"].Value]);

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}")]
    private static partial Regex Place();

    /// <summary>A file inside the program.</summary>
    public static string Read(string file) => Files.GetOrAdd(file, static name =>
    {
        using StreamReader reader = new(typeof(Page).Assembly.GetManifestResourceStream("pages/" + name)
            ?? throw new FileNotFoundException($"There is no page {name} inside the program."));
        return reader.ReadToEnd();
    });
}
