using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using ChangeFeed.MassTransit;
using Orders.CustomerCare.Actions;
using Orders.Web;

namespace Orders.CustomerCare.Positions;

/// <summary>What the requests about positions have in common.</summary>
internal static class PositionRules
{
    public const int MaxText = 300;

    public static TextRule Text { get; } = new(MaxText);

    public static TextRule Time { get; } = new(40, text => QueryValue.TryTime(text, out _) ? null : QueryValue.TimeProblem);

    public static TextRule Event { get; } = new(MaxText, text => TryEvent(text, out _, out _) ? null : EventProblem);

    public const string EventProblem = "Must be an order and a version, such as 0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21/3.";

    public static bool TryEvent(string text, out string stream, out long version)
    {
        var slash = text.LastIndexOf('/');
        stream = slash > 0 ? text[..slash] : "";
        version = 0;
        return slash > 0 && long.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    /// <summary>The one target of several that is given.</summary>
    /// <exception cref="InvalidRequestException">It is none, or more than one is given.</exception>
    public static PositionTarget Target(string? name, DateTimeOffset? time, string? ev, bool beginning, string? partition)
    {
        var targets = new List<PositionTarget>();
        if (name is not null)
            targets.Add(PositionTarget.Saved(name));
        if (time is { } moment)
            targets.Add(PositionTarget.At(moment));
        if (ev is not null)
            targets.Add(TryEvent(ev, out var stream, out var version)
                ? PositionTarget.Event(stream, version) : throw InvalidRequestException.Of("event", EventProblem));
        if (beginning)
            targets.Add(PositionTarget.Beginning);
        return targets.Count == 1
            ? targets[0] with { Partition = partition }
            : throw InvalidRequestException.Of(FieldErrors.Body, "Say where to with one of 'name', 'time', 'event' and 'beginning'.");
    }
}

/// <summary>The body of a rewind.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RewindRequest : IJsonRequest<RewindRequest>
{
    public static RewindRequest Example { get; } = new() { Time = new DateTimeOffset(2026, 3, 14, 14, 0, 0, TimeSpan.Zero) };

    [Description("To the position saved under this name."), StringLength(PositionRules.MaxText, MinimumLength = 1)]
    public string? Name { get; init; }

    [Description("To the first event written in this second or later.")]
    public DateTimeOffset? Time { get; init; }

    [Description("To this event, which is handled again: order and version with a slash between. Only its partition is moved."),
        StringLength(PositionRules.MaxText, MinimumLength = 1)]
    public string? Event { get; init; }

    [Description("To the first event of all.")]
    public bool? Beginning { get; init; }

    [Description("Only this partition; all when left out."), StringLength(PositionRules.MaxText, MinimumLength = 1)]
    public string? Partition { get; init; }

    [Description("Only say what would be done; true when left out.")]
    public bool? DryRun { get; init; }

    [Description("The token of the dry run; needed with `dryRun: false`."), StringLength(PositionRules.MaxText, MinimumLength = 1)]
    public string? Token { get; init; }

    [Description("Why; kept with who and when. Needed with `dryRun: false`."), StringLength(Actions.Reason.MaxLength, MinimumLength = 1)]
    public string? Reason { get; init; }

    [JsonIgnore]
    internal PositionTarget Target => PositionRules.Target(Name, Time, Event, Beginning == true, Partition);

    public static RewindRequest Read(JsonFields fields)
    {
        var dryRun = fields.OptionalFlag("dryRun") ?? true;
        return new RewindRequest
        {
            Name = fields.OptionalText("name", PositionRules.Text),
            Time = fields.OptionalText("time", PositionRules.Time) is { } text && QueryValue.TryTime(text, out var time) ? time.ToUniversalTime() : null,
            Event = fields.OptionalText("event", PositionRules.Event),
            Beginning = fields.OptionalFlag("beginning"),
            Partition = fields.OptionalText("partition", PositionRules.Text),
            DryRun = dryRun,
            Token = dryRun ? fields.OptionalText("token", PositionRules.Text) : fields.Text("token", PositionRules.Text),
            Reason = dryRun ? fields.OptionalText("reason", Actions.Reason.Rule) : fields.Text("reason", Actions.Reason.Rule),
        };
    }
}

/// <summary>The body of a skip.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SkipRequest : IJsonRequest<SkipRequest>
{
    public static SkipRequest Example { get; } = new() { Partition = "0" };

    [Description("Only this partition; all when left out."), StringLength(PositionRules.MaxText, MinimumLength = 1)]
    public string? Partition { get; init; }

    [Description("Only say what would be done; true when left out.")]
    public bool? DryRun { get; init; }

    [Description("The token of the dry run; needed with `dryRun: false`."), StringLength(PositionRules.MaxText, MinimumLength = 1)]
    public string? Token { get; init; }

    [Description("Why; kept with who and when. Needed with `dryRun: false`."), StringLength(Actions.Reason.MaxLength, MinimumLength = 1)]
    public string? Reason { get; init; }

    [JsonIgnore]
    internal PositionTarget Target => PositionTarget.Now with { Partition = Partition };

    public static SkipRequest Read(JsonFields fields)
    {
        var dryRun = fields.OptionalFlag("dryRun") ?? true;
        return new SkipRequest
        {
            Partition = fields.OptionalText("partition", PositionRules.Text),
            DryRun = dryRun,
            Token = dryRun ? fields.OptionalText("token", PositionRules.Text) : fields.Text("token", PositionRules.Text),
            Reason = dryRun ? fields.OptionalText("reason", Actions.Reason.Rule) : fields.Text("reason", Actions.Reason.Rule),
        };
    }
}

/// <summary>The body with which a position is saved.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SaveRequest : IJsonRequest<SaveRequest>
{
    public static SaveRequest Example { get; } = new() { Name = "before-the-new-rates", Reason = "in case they are wrong" };

    [Description("What to call it: letters, digits, dots, hyphens and underscores. What had the name before is forgotten."),
        StringLength(60, MinimumLength = 1)]
    public required string Name { get; init; }

    [Description("Why; kept with who and when."), StringLength(Actions.Reason.MaxLength, MinimumLength = 1)]
    public string? Reason { get; init; }

    public static SaveRequest Read(JsonFields fields) =>
        new() { Name = fields.Text("name", PositionRules.Text), Reason = fields.OptionalText("reason", Actions.Reason.Rule) };
}
