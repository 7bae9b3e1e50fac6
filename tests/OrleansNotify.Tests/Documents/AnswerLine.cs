using System.Globalization;
using OrleansNotify.Delivery;
using OrleansNotify.Tests.Templates;

namespace OrleansNotify.Tests.Documents;

/// <summary>A line of a table in docs/reference.md that says what an answer becomes.</summary>
internal sealed record AnswerLine(string Status, string Answer, string Outcome, string SpeaksOf, string Reason)
{
    /// <summary>The status of an answer; null where there was none.</summary>
    public int? Code => Status == "–" ? null : int.Parse(Status, CultureInfo.InvariantCulture);

    /// <summary>Whether the answer comes with a wait.</summary>
    public bool HasRetryAfter => Answer.Contains("with `Retry-After`", StringComparison.Ordinal);

    /// <summary>Reads the tables of a section, one after the other.</summary>
    /// <param name="section">Its heading.</param>
    /// <param name="table">Which of its tables, from 0.</param>
    public static IReadOnlyList<AnswerLine> Of(string section, int table = 0)
    {
        var text = File.ReadAllText(Path.Combine(Shipped.Repository, "docs/reference.md"));
        var body = text.Split($"## {section}\n")[1].Split("\n## ")[0];
        var tables = body.Split("| --- | --- | --- | --- | --- |\n").Skip(1).Select(each => each.Split("\n\n")[0]);
        return [.. tables.ElementAt(table).Trim().Split('\n').Select(Read)];
    }

    /// <summary>Fails unless this is what the table says.</summary>
    public void Holds(OutcomeKind kind, SpeaksOf speaksOf, string reason)
    {
        var word = kind == OutcomeKind.Sent ? "–" : speaksOf.ToString().ToLowerInvariant();
        Assert.Equal((Status, Answer, Outcome, SpeaksOf, Reason), (Status, Answer, kind.ToString(), word, reason));
    }

    private static AnswerLine Read(string line)
    {
        var cells = line.Trim().Trim('|').Split(" | ");
        Assert.Equal(5, cells.Length);
        return new AnswerLine(cells[0].Trim(), cells[1], cells[2], cells[3], cells[4].Trim().Trim('`', '–'));
    }
}
