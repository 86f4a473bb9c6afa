using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters.Corrections;

/// <summary>The body of a correction.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CorrectionRequest : IJsonRequest<CorrectionRequest>
{
    public static CorrectionRequest Example { get; } = new()
    {
        Data = JsonSerializer.SerializeToElement((TaxCalculated)Examples.Stream[1].Data, JsonSerializerOptions.Web),
        Reason = "the rate had a slip",
    };

    [Description("All of the event's data, of the type and schema that it has.")]
    public required JsonElement Data { get; init; }

    [Description("Why; kept with who and when."), StringLength(Actions.Reason.MaxLength, MinimumLength = 1)]
    public required string Reason { get; init; }

    public static CorrectionRequest Read(JsonFields fields) => new() { Data = fields.Raw("data"), Reason = fields.Text("reason", Actions.Reason.Rule) };
}
