using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using OrleansNotify.DeadLetters;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.DeadLetters;

/// <summary>A filter of dead letters as a query string has it.</summary>
internal record LetterFilterQuery : IInput
{
    [FromQuery(Name = "channel")]
    public string? Channel { get; init; }

    [FromQuery(Name = "reason")]
    public string? Reason { get; init; }

    [FromQuery(Name = "template_name")]
    public string? TemplateName { get; init; }

    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>The filter; to be asked for only where <see cref="Problem"/> is null.</summary>
    public virtual DeadLetterFilter Filter => new()
    {
        Channel = Read<Channel>(Channel),
        Reason = Reason,
        TemplateName = TemplateName,
        From = Read<DateTimeOffset>(From),
        To = Read<DateTimeOffset>(To),
    };

    public IResult? Problem
    {
        get
        {
            var errors = Errors();
            if (errors.Count > 0) return Problems.Invalid(errors);
            return LetterFilter.Check(Filter) is { Count: > 0 } wrong ? Problems.Invalid(wrong) : null;
        }
    }

    protected virtual Dictionary<string, string[]> Errors()
    {
        Dictionary<string, string[]> errors = [];
        if (Channel is not null && Read<Channel>(Channel) is null) errors["channel"] = [$"Must be one of: {string.Join(", ", EnumNames.Of(typeof(Channel)))}."];
        foreach (var (name, time) in new[] { ("from", From), ("to", To) })
            if (time is not null && Read<DateTimeOffset>(time) is null) errors[name] = ["Must be a time with an offset (RFC 3339), such as 2026-01-31T09:30:00Z."];
        return errors;
    }

    // As the same field of a body is read.
    private static T? Read<T>(string? text)
        where T : struct
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<T>(JsonSerializer.SerializeToUtf8Bytes(text), NotifyJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A page of dead letters as a query string asks for it.</summary>
internal sealed record LetterQuery : LetterFilterQuery
{
    [FromQuery(Name = "user_id")]
    public string? UserId { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    public override DeadLetterFilter Filter => base.Filter with { UserId = UserId };

    /// <summary>How many; to be asked for only where there is no problem.</summary>
    public int Most => PageLimit.Read(Limit) ?? 0;

    protected override Dictionary<string, string[]> Errors()
    {
        var errors = base.Errors();
        if (Cursor is not null && LetterPlace.Parse(Cursor) is null) errors["cursor"] = ["Must be the next_cursor of a page."];
        if (PageLimit.Read(Limit) is null) errors["limit"] = [PageLimit.Rule];
        return errors;
    }
}
