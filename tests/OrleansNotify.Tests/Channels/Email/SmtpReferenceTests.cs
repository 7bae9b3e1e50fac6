using System.Text.RegularExpressions;
using OrleansNotify.Channels.Email;
using OrleansNotify.Delivery;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Channels.Email;

/// <summary>What docs/reference.md says of an answer is what the code makes of it.</summary>
public sealed partial class SmtpReferenceTests
{
    private static readonly Dictionary<string, MailStage> s_stages = new()
    {
        ["greeting"] = MailStage.Connect,
        ["AUTH"] = MailStage.Login,
        ["MAIL"] = MailStage.Sender,
        ["RCPT"] = MailStage.Recipient,
        ["DATA"] = MailStage.Data,
        ["end"] = MailStage.End,
    };

    // The registry as of December 2024: the last code of each subject.
    private static readonly int[] s_lastOfSubject = [0, 10, 4, 6, 7, 6, 10, 30];

    public static TheoryData<string, string, string, string> Answers => Rows(row => s_stages.ContainsKey(row[0]))
        .Aggregate(new TheoryData<string, string, string, string>(), (data, row) =>
        {
            foreach (Match answer in Quoted().Matches(row[1])) data.Add(row[0], answer.Groups[1].Value, Word(row[2]), row[3]);
            return data;
        });

    [Theory, MemberData(nameof(Answers))]
    public void An_answer_of_the_reference_has_its_outcome(string asked, string answer, string kind, string of) =>
        Assert.Equal((kind, of), Verdict(s_stages[asked], answer));

    [Fact]
    public void Every_code_of_the_registry_is_in_the_reference_with_its_outcome()
    {
        var rows = Rows(row => row[0].StartsWith("x.", StringComparison.Ordinal)).ToDictionary(row => row[0][2..]);

        var registry = s_lastOfSubject.SelectMany((last, subject) => Enumerable.Range(0, last + 1).Select(detail => $"{subject}.{detail}"));
        Assert.Equal(registry, rows.Keys);
        foreach (var (code, row) in rows)
            foreach (var stage in (MailStage[])[MailStage.Recipient, MailStage.Data, MailStage.End])
            {
                Assert.Equal((code, stage, row[2]), (code, stage, Cell(Verdict(stage, $"550 5.{code}"))));
                Assert.Equal((code, stage, row[3]), (code, stage, Cell(Verdict(stage, $"451 4.{code}"))));
            }
    }

    [Fact]
    public void What_stands_in_no_list_blames_nobody_and_before_the_recipient_the_channel()
    {
        foreach (var stage in Enum.GetValues<MailStage>())
            for (var code = 100; code < 700; code++)
            {
                var outcome = SmtpVerdict.Of(stage, code, "something else", EmailRig.To);

                Assert.True(outcome.Answered);
                if (stage < MailStage.Recipient) Assert.Equal(SpeaksOf.Channel, outcome.SpeaksOf);
                if (outcome.Kind is OutcomeKind.ChannelFault) Assert.Equal(SpeaksOf.Channel, outcome.SpeaksOf);
                if (outcome.Kind is OutcomeKind.Rejected) Assert.Equal(SpeaksOf.Recipient, outcome.SpeaksOf);
                Assert.NotEqual(OutcomeKind.AddressGone, outcome.Kind);
                Assert.Equal(stage == MailStage.End && code is >= 200 and < 300, outcome.Kind == OutcomeKind.Sent);
                if (code is >= 400 and < 500) Assert.Equal(stage < MailStage.Recipient ? OutcomeKind.Retry : OutcomeKind.Busy, outcome.Kind);
            }
    }

    private static (string Kind, string Of) Verdict(MailStage stage, string answer)
    {
        var outcome = SmtpVerdict.Of(stage, int.Parse(answer.AsSpan(0, 3), provider: null), answer[3..].TrimStart(), EmailRig.To);
        return (outcome.Kind.ToString(), outcome.SpeaksOf.ToString().ToLowerInvariant());
    }

    private static string Cell((string Kind, string Of) verdict) => $"`{verdict.Kind}`, {verdict.Of}";

    private static string Word(string cell) => cell.Trim('`');

    private static IEnumerable<string[]> Rows(Predicate<string[]> which) => File.ReadLines(Path.Combine(Repository.Root, "docs", "reference.md"))
        .SkipWhile(line => line != "## Email answers").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
        .Where(row => which(row));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
