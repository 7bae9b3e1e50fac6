#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
// Reads a Cobertura report and prints every line that no test reaches or whose branches no test takes, as file:line.
// Arguments: the report, and a part of the paths to look at ("" for all). Exit code 1 if there is anything, or nothing was measured.
using System.Globalization;
using System.Xml.Linq;

var report = XDocument.Load(args[0]);
var only = args[1];
var lines = (
    from type in report.Descendants("class")
    let file = (string)type.Attribute("filename")!
    where file.Contains(only, StringComparison.Ordinal)
    from line in type.Element("lines")!.Elements("line")
    select (File: file, Line: (int)line.Attribute("number")!, Hits: (int)line.Attribute("hits")!, Branches: Branches(line)))
    // A line of a lambda or an async method is in several classes.
    .GroupBy(line => (line.File, line.Line))
    .Select(same => (same.Key.File, same.Key.Line, Hits: same.Max(line => line.Hits), Taken: same.Sum(line => line.Branches.Taken), All: same.Sum(line => line.Branches.All)))
    .OrderBy(line => line.File, StringComparer.Ordinal).ThenBy(line => line.Line)
    .ToList();

// Neighbours among the measured lines that are not reached make one entry.
var gaps = lines.Index().Where(line => line.Item.Hits == 0)
    .GroupBy(line => (line.Item.File, lines.Take(line.Index).Count(earlier => earlier.Hits > 0)))
    .Select(gap => (gap.Key.File, From: gap.First().Item.Line, Text: $"{gap.First().Item.Line}-{gap.Last().Item.Line}: never reached"));
var halves = lines.Where(line => line.Hits > 0 && line.Taken < line.All)
    .Select(line => (line.File, From: line.Line, Text: $"{line.Line}: {line.Taken} of {line.All} branches taken"));
foreach (var (file, _, text) in gaps.Concat(halves).OrderBy(entry => entry.File, StringComparer.Ordinal).ThenBy(entry => entry.From))
    Console.WriteLine($"src/{file}:{text}");

var (reached, taken, branches) = (lines.Count(line => line.Hits > 0), lines.Sum(line => line.Taken), lines.Sum(line => line.All));
Console.WriteLine($"Coverage: {reached} of {lines.Count} lines, {taken} of {branches} branches.");
return lines.Count > 0 && reached == lines.Count && taken == branches ? 0 : 1;

// condition-coverage="50% (1/2)"
static (int Taken, int All) Branches(XElement line)
{
    if ((string?)line.Attribute("condition-coverage") is not { } text) return (0, 0);
    var parts = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split('/');
    return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
}
