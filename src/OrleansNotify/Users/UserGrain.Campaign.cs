using OrleansNotify.Campaigns;

namespace OrleansNotify.Users;

// What campaigns ask.
internal sealed partial class UserGrain
{
    /// <summary>Campaigns that the commit under way has met in another state than it had expected; the next one asks again.</summary>
    private readonly Dictionary<Guid, CampaignStatus> _campaigns = [];

    public async Task<RecruitResult> Recruit(CampaignPlace place, string from, SendRequest request)
    {
        await Load();
        return await Commit(
            change =>
            {
                change.Recruit(place, from);
                if (Profile.Known) return Recruit(change, place, request);
                change.Skipped.Add(Reasons.UnknownUser);
                return Skip(change, place, Reasons.UnknownUser);
            },
            otherwise: RecruitResult.NotWanted);
    }

    private RecruitResult Recruit(OutboxChange change, CampaignPlace place, SendRequest request)
    {
        if (change.Find(place.MessageFor(UserId)) is { } made)
        {
            // A store that kept only the first part of a commit has the message, and not its recipient's state.
            change.Recruited(place);
            change.MoveInCampaign(place, RecipientState.Of(made));
            return RecruitResult.Accepted;
        }

        if (silo.Templates.Find(request.TemplateName) is not { } template || !template.HasAll(request.TemplateVars)) return RecruitResult.Later;
        var message = NewMessage.From(request, UserId, template.Manifest, silo.StoreClock.Now, silo.Clock.GetUtcNow()) with
        {
            Id = place.MessageFor(UserId),
            Campaign = place,
        };
        var considered = Acceptance.Of(request, message, silo.Codec.Encode(message).Length, SituationOf(change, message, template, renderable: true), _outbox);
        if (considered.Skipped is { } reason)
        {
            change.Trace(Transition.Skip(message, reason, considered.At.Now));
            return Skip(change, place, reason);
        }

        if (considered.Next is Next.Hold { Status: MessageStatus.Deferred } hold)
        {
            change.ComeBack(place, hold.Until);
            change.MoveInCampaign(place, RecipientState.Held);
            return RecruitResult.Held;
        }

        if (!considered.HasRoom || considered.Next is Next.Hold { Status: MessageStatus.Retrying }) return RecruitResult.Later;
        change.Recruited(place);
        Follow(change, message, considered.At, considered.Next);
        change.Accepted = change.Find(message.Id);
        return RecruitResult.Accepted;
    }

    private static RecruitResult Skip(OutboxChange change, CampaignPlace place, string reason)
    {
        change.Recruited(place);
        change.MoveInCampaign(place, RecipientState.SkippedFor(reason));
        return RecruitResult.Skipped;
    }

    private async Task LearnCampaign(Guid campaign)
    {
        var status = (await Read(() => silo.Store.ReadFields(silo.Keys.Campaign(campaign), [CampaignStore.StatusField])))[0];
        // One whose records are gone can be asked no more.
        _campaigns[campaign] = CampaignStore.StatusOf(status) ?? CampaignStatus.Cancelled;
    }
}
