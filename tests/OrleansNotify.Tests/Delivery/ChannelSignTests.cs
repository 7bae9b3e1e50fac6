using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Delivery;

public sealed class ChannelSignTests
{
    private static readonly bool[] s_bothAnswers = [false, true];

    [Fact]
    public void An_outcome_tells_one_thing_of_its_channel_or_nothing()
    {
        foreach (var sign in
            from kind in Enum.GetValues<OutcomeKind>()
            from speaksOf in Enum.GetValues<SpeaksOf>()
            from answered in s_bothAnswers
            select new ChannelSign(kind, speaksOf, answered))
        {
            var expected = sign switch
            {
                { Kind: OutcomeKind.Sent } or { SpeaksOf: SpeaksOf.Recipient, Answered: true } => (true, false, false),
                { Kind: OutcomeKind.Retry or OutcomeKind.Unknown or OutcomeKind.Refused or OutcomeKind.ChannelFault } => (false, true, false),
                { Kind: OutcomeKind.Withdrawn or OutcomeKind.Rejected or OutcomeKind.AddressGone } => (false, false, true),
                _ => (false, false, false),
            };
            Assert.Equal((sign, expected), (sign, (sign.Works, sign.IsFailure, sign.IsUntried)));
        }
    }
}
