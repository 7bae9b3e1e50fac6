using System.Buffers.Text;
using System.Text;
using OrleansNotify.Storage;

namespace OrleansNotify.Campaigns;

/// <summary>A recipient's entry in the order of states, which is also a page's cursor: no state and no user's id has a space.</summary>
internal readonly record struct RecipientEntry(string State, string User)
{
    /// <summary>As it stands in the order.</summary>
    public string Format() => $"{State} {User}";

    public static RecipientEntry Parse(string entry)
    {
        var space = entry.IndexOf(' ');
        return new RecipientEntry(entry[..space], entry[(space + 1)..]);
    }

    /// <summary>The entry as a cursor: one word that needs no escaping.</summary>
    public string ToCursor() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Format()));

    /// <summary>The entry that a cursor names; null if it is none.</summary>
    public static RecipientEntry? OfCursor(string cursor)
    {
        if (!Base64Url.IsValid(cursor)) return null;
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.Contains(' ') ? Parse(text) : null;
    }

    /// <summary>As people see it.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="end">What one without a message counts as; null while messages are made.</param>
    public CampaignRecipientView View(Guid campaign, CampaignRecipientState? end)
    {
        var shown = RecipientState.Shown(State, end);
        var more = State[(State.IndexOf(':') + 1)..];
        return new CampaignRecipientView
        {
            UserId = User,
            State = shown,
            Reason = shown == CampaignRecipientState.Skipped ? more : null,
            Channel = shown == CampaignRecipientState.Sent ? Enum.GetValues<Channel>().First(channel => Keys.Name(channel) == more) : null,
            MessageId = RecipientState.HasMessage(State) ? new CampaignPlace(campaign, 0).MessageFor(User) : null,
        };
    }
}
