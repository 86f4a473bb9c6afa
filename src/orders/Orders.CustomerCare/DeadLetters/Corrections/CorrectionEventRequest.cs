using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters.Corrections;

/// <summary>The body of an event that is appended by hand.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CorrectionEventRequest : IJsonRequest<CorrectionEventRequest>
{
    private const int LongestType = 100;

    public static CorrectionEventRequest Example { get; } = new()
    {
        Type = nameof(TaxCalculated),
        Data = CorrectionRequest.Example.Data,
        After = 1,
        Reason = "the rate had a slip",
    };

    [Description("Which event."), StringLength(LongestType, MinimumLength = 1)]
    public required string Type { get; init; }

    [Description("All of the event's data, in the schema of today.")]
    public required JsonElement Data { get; init; }

    [Description("Version of the last event of the order, as it was looked at."), Range(0, int.MaxValue)]
    public required int After { get; init; }

    [Description("Why; kept with who and when."), StringLength(Actions.Reason.MaxLength, MinimumLength = 1)]
    public required string Reason { get; init; }

    public static CorrectionEventRequest Read(JsonFields fields) => new()
    {
        Type = fields.Text("type", new TextRule(LongestType)),
        Data = fields.Raw("data"),
        After = fields.Whole("after", 0, int.MaxValue),
        Reason = fields.Text("reason", Actions.Reason.Rule),
    };
}
