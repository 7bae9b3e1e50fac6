using OrleansNotify.Storage;

namespace OrleansNotify.DeadLetters;

/// <summary>Letters that failed alike: on one channel, for one reason, of one template.</summary>
internal sealed record LetterGroup(Channel? Channel, string Reason, string Template)
{
    public string Format() => $"{(Channel is { } channel ? Keys.Name(channel) : "none")}|{Reason}|{Template}";
}
