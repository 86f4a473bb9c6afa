using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using OrderPipeline.ServiceDefaults.Api;

namespace OrderPipeline.CustomerCare.DeadLetters.Batches;

/// <summary>The body of a batch: which parked orders, and whether to do it or only to look.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BatchRequest : IJsonRequest<BatchRequest>
{
    private const int MaxText = 200;
    private const int MaxReason = 500;
    private static readonly TextRule Text200 = new(MaxText);
    private static readonly TextRule Time = new(40, text => TryRead(text) is null ? "Must be a time of ISO 8601, such as 2026-03-14T15:09:26Z." : null);

    public static BatchRequest Example { get; } = new() { Service = "payment", ErrorType = "TimeoutException" };

    [Description("Only orders parked at this service."), StringLength(MaxText, MinimumLength = 1)]
    public string? Service { get; init; }

    [Description("Only orders that failed with an exception of this type, with or without its namespace."), StringLength(MaxText, MinimumLength = 1)]
    public string? ErrorType { get; init; }

    [Description("Only orders whose error has this text in it."), StringLength(MaxText, MinimumLength = 1)]
    public string? Text { get; init; }

    [Description("Only orders at which an event of this type failed."), StringLength(MaxText, MinimumLength = 1)]
    public string? EventType { get; init; }

    [Description("Only orders parked at this time or later.")]
    public DateTimeOffset? From { get; init; }

    [Description("Only orders parked before this time.")]
    public DateTimeOffset? To { get; init; }

    [Description("Only say what would be done; true when left out.")]
    public bool? DryRun { get; init; }

    [Description("The token of the dry run; needed with `dryRun: false`."), StringLength(MaxText, MinimumLength = 1)]
    public string? Token { get; init; }

    [Description("Why; kept with who and when. Needed with `dryRun: false`."), StringLength(MaxReason, MinimumLength = 1)]
    public string? Reason { get; init; }

    [JsonIgnore]
    internal ParkedFilter Filter => new() { Service = Service, ErrorType = ErrorType, Text = Text, EventType = EventType, From = From, To = To };

    public static BatchRequest Read(JsonFields fields)
    {
        var dryRun = fields.OptionalFlag("dryRun") ?? true;
        return new BatchRequest
        {
            Service = fields.OptionalText("service", Text200),
            ErrorType = fields.OptionalText("errorType", Text200),
            Text = fields.OptionalText("text", Text200),
            EventType = fields.OptionalText("eventType", Text200),
            From = fields.OptionalText("from", Time) is { } from ? TryRead(from) : null,
            To = fields.OptionalText("to", Time) is { } to ? TryRead(to) : null,
            DryRun = dryRun,
            Token = dryRun ? fields.OptionalText("token", Text200) : fields.Text("token", Text200),
            Reason = dryRun ? fields.OptionalText("reason", new TextRule(MaxReason)) : fields.Text("reason", new TextRule(MaxReason)),
        };
    }

    private static DateTimeOffset? TryRead(string text)
    {
        try
        {
            return QueryValue.Time("time", text)?.ToUniversalTime();
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }
}
