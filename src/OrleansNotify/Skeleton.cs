// Stands for the parts of others until they are here.
#pragma warning disable CA1822
using OrleansNotify.Delivery;
using OrleansNotify.Templates;

namespace OrleansNotify.Users.Validation
{
    internal static class RequestRules
    {
        public static IReadOnlyDictionary<string, string[]> Check(SendRequest request, MessageTemplate? template, TemplateCatalog templates) =>
            template?.Validate(request.TemplateVars) ?? new Dictionary<string, string[]> { ["template_name"] = ["there is no such template"] };
    }

    internal static class PreferenceRules
    {
        public static IReadOnlyDictionary<string, string[]> Check(Preferences preferences) => new Dictionary<string, string[]>();
    }

    internal static class UserRules
    {
        public static IReadOnlyDictionary<string, string[]> Check(UserUpdate update, out string? email)
        {
            email = update.Email;
            return new Dictionary<string, string[]>();
        }
    }
}

namespace OrleansNotify.Metrics
{
    internal sealed class NotifyMetrics
    {
        public void Settled(Users.Message message, DateTimeOffset at) { }

        public void Enqueued(Priority priority, Channel channel) { }

        public void LaneDepth(Channel channel, Priority priority, long depth, TimeSpan oldest) { }

        public void Circuit(Channel channel, bool open) { }

        public void SubscriptionsExpired(int count) { }

        public void Attempted(Channel channel, OutcomeKind kind, string reason, TimeSpan duration, TemplateManifest manifest) { }
    }
}
