using System.Text.Json.Nodes;

namespace OrleansNotify.Tests.Described;

/// <summary>One operation of the description.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonObject Described)
{
    private readonly string[] _parts = Path.Split('/');

    /// <summary>Its name.</summary>
    public string Id => Described["operationId"]!.GetValue<string>();

    /// <summary>Whether a request is one of these.</summary>
    public bool Is(string method, string path)
    {
        if (method != Method) return false;
        var asked = path.Split('/');
        return asked.Length == _parts.Length && _parts.Zip(asked).All(each => each.First.StartsWith('{') ? each.Second.Length > 0 : each.First == each.Second);
    }

    /// <summary>What is said of a status; null where it is not said.</summary>
    public JsonObject? Response(int status) => Described["responses"]![$"{status}"]?.AsObject();

    /// <summary>The names of its query's parameters, and of those in its path.</summary>
    public IEnumerable<string> QueryNames => Names("query");

    public IEnumerable<string> PathNames => Names("path");

    /// <summary>The example of its JSON body; null where it has none.</summary>
    public JsonNode? RequestExample => Described["requestBody"]?["content"]?["application/json"]?["example"];

    /// <summary>The examples of its JSON answers, by status.</summary>
    public IEnumerable<(string Status, JsonNode Example)> AnswerExamples =>
        from response in Described["responses"]!.AsObject()
        let example = response.Value?["content"]?["application/json"]?["example"]
        where example is not null
        select (response.Key, example);

    private IEnumerable<string> Names(string place) => (Described["parameters"]?.AsArray() ?? [])
        .Where(parameter => parameter!["in"]!.GetValue<string>() == place)
        .Select(parameter => parameter!["name"]!.GetValue<string>());

    /// <summary>The schema of a request's body of this media type; null where none is taken.</summary>
    public JsonNode? RequestSchema(string media) => Described["requestBody"]?["content"]?[media]?["schema"];
}
