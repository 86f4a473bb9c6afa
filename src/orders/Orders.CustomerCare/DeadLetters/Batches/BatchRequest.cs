using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters.Batches;

/// <summary>The body of a batch: which parked orders, and whether to do it or only to look.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BatchRequest : IJsonRequest<BatchRequest>
{
    private static readonly TextRule Time = new(40, text => QueryValue.TryTime(text, out _) ? null : QueryValue.TimeProblem);

    public static BatchRequest Example { get; } = new() { Service = "payment", ErrorType = "TimeoutException" };

    [Description("Only orders parked at this service."), StringLength(ParkedFilter.MaxLength, MinimumLength = 1)]
    public string? Service { get; init; }

    [Description("Only orders that failed with an exception of this type, with or without its namespace."),
        StringLength(ParkedFilter.MaxLength, MinimumLength = 1)]
    public string? ErrorType { get; init; }

    [Description("Only orders whose error has this text in it."), StringLength(ParkedFilter.MaxLength, MinimumLength = 1)]
    public string? Text { get; init; }

    [Description("Only orders at which an event of this type failed."), StringLength(ParkedFilter.MaxLength, MinimumLength = 1)]
    public string? EventType { get; init; }

    [Description("Only orders parked at this time or later.")]
    public DateTimeOffset? From { get; init; }

    [Description("Only orders parked before this time.")]
    public DateTimeOffset? To { get; init; }

    [Description("Only say what would be done; true when left out.")]
    public bool? DryRun { get; init; }

    [Description("The token of the dry run; needed with `dryRun: false`."), StringLength(ParkedFilter.MaxLength, MinimumLength = 1)]
    public string? Token { get; init; }

    [Description("Why; kept with who and when. Needed with `dryRun: false`."), StringLength(Actions.Reason.MaxLength, MinimumLength = 1)]
    public string? Reason { get; init; }

    [JsonIgnore]
    internal ParkedFilter Filter => new() { Service = Service, ErrorType = ErrorType, Text = Text, EventType = EventType, From = From, To = To };

    public static BatchRequest Read(JsonFields fields)
    {
        var dryRun = fields.OptionalFlag("dryRun") ?? true;
        return new BatchRequest
        {
            Service = fields.OptionalText("service", ParkedFilter.Rule),
            ErrorType = fields.OptionalText("errorType", ParkedFilter.Rule),
            Text = fields.OptionalText("text", ParkedFilter.Rule),
            EventType = fields.OptionalText("eventType", ParkedFilter.Rule),
            From = Read(fields.OptionalText("from", Time)),
            To = Read(fields.OptionalText("to", Time)),
            DryRun = dryRun,
            Token = dryRun ? fields.OptionalText("token", ParkedFilter.Rule) : fields.Text("token", ParkedFilter.Rule),
            Reason = dryRun ? fields.OptionalText("reason", Actions.Reason.Rule) : fields.Text("reason", Actions.Reason.Rule),
        };
    }

    private static DateTimeOffset? Read(string? text) => text is not null && QueryValue.TryTime(text, out var time) ? time.ToUniversalTime() : null;
}
