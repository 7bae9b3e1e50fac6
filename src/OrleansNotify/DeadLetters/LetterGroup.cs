using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.DeadLetters;

/// <summary>Letters that failed alike: on one channel, for one reason, of one template.</summary>
internal sealed record LetterGroup(Channel? Channel, string Reason, string Template)
{
    private const string NoChannel = "none";

    public static LetterGroup Of(Message letter) => new(letter.Channel, letter.Reason!, letter.TemplateName);

    public string Format() => $"{(Channel is { } channel ? Keys.Name(channel) : NoChannel)}|{Reason}|{Template}";

    public static LetterGroup Parse(string name)
    {
        var (first, last) = (name.IndexOf('|'), name.LastIndexOf('|'));
        var channel = name[..first] is var text && text == NoChannel ? (Channel?)null : Enum.GetValues<Channel>().First(each => Keys.Name(each) == text);
        return new LetterGroup(channel, name[(first + 1)..last], name[(last + 1)..]);
    }

    /// <summary>Whether a filter by parts of a group takes this one.</summary>
    public bool IsIn(DeadLetterFilter filter) =>
        (filter.Channel ?? Channel) == Channel && (filter.Reason ?? Reason) == Reason && (filter.TemplateName ?? Template) == Template;
}
