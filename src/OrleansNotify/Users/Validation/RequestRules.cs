using OrleansNotify.Templates;

namespace OrleansNotify.Users.Validation;

/// <summary>What a request must be before anything else is asked.</summary>
internal static class RequestRules
{
    private const int MostVariableBytes = 16 * 1024, LongestKey = 128, LongestName = 64;

    private static readonly TimeSpan FarAhead = TimeSpan.FromDays(366);

    public static IReadOnlyDictionary<string, string[]> Check(SendRequest request, MessageTemplate? template, DateTimeOffset now)
    {
        Errors errors = new();
        errors.If(template is null, "template_name", "there is no such template; GET /api/v1/templates lists those there are");
        errors.If(request.TemplateVars.SizeInBytes > MostVariableBytes, "template_vars", $"is larger than {MostVariableBytes} bytes");
        errors.If(!Enum.IsDefined(request.Priority), "priority", "is not transactional or campaign");
        if (request.Channel is { } channel)
        {
            errors.If(!Enum.IsDefined(channel), "channel", "is not push, telegram or email");
            errors.If(template?.Has(channel) == false, "channel", "the template has no part for this channel");
        }

        errors.If(request.IdempotencyKey is { } key && !Errors.IsName(key, LongestKey), "idempotency_key", $"must be 1 to {LongestKey} characters");
        errors.If(request.Instrument is { } instrument && !Errors.IsName(instrument, LongestName), "instrument", $"must be 1 to {LongestName} characters");
        errors.If(request.AlertType is { } type && !Errors.IsName(type, LongestName), "alert_type", $"must be 1 to {LongestName} characters");
        errors.If(request.SendAt - now > FarAhead, "send_at", "is more than a year ahead");
        if (errors.All.Count > 0) return errors.All;
        return template!.Validate(request.TemplateVars);
    }
}
