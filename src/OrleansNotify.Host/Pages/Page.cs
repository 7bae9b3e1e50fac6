using System.Collections.Concurrent;
using System.Text;

namespace OrleansNotify.Host.Pages;

/// <summary>The host's own pages: files inside the program, whose places are filled with encoded text.</summary>
internal static class Page
{
    private static readonly ConcurrentDictionary<string, string> Files = new();

    /// <summary>A page whose <c>{{name}}</c> places are filled; the values are markup already.</summary>
    public static IResult Of(string name, params (string Name, string Markup)[] places) => Of(name, StatusCodes.Status200OK, places);

    /// <inheritdoc cref="Of(string, ValueTuple{string, string}[])"/>
    public static IResult Of(string name, int status, params (string Name, string Markup)[] places)
    {
        StringBuilder page = new(Read("layout.html"));
        page.Replace("{{content}}", Read(name + ".html"));
        foreach (var place in places) page.Replace("{{" + place.Name + "}}", place.Markup);
        return Results.Content(page.ToString(), "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    /// <summary>A file inside the program.</summary>
    public static string Read(string file) => Files.GetOrAdd(file, static name =>
    {
        using StreamReader reader = new(typeof(Page).Assembly.GetManifestResourceStream("pages/" + name)
            ?? throw new FileNotFoundException($"There is no page {name} inside the program."));
        return reader.ReadToEnd();
    });
}
