using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Web;

namespace Orders.CustomerCare.Actions;

/// <summary>The body of every request that changes something.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReasonRequest : IJsonRequest<ReasonRequest>
{
    public static ReasonRequest Example { get; } = ExampleOf("asked for by the customer");

    [Description("Why; kept with who and when."), StringLength(CustomerCare.Actions.Reason.MaxLength, MinimumLength = 1)]
    public required string Reason { get; init; }

    public static ReasonRequest ExampleOf(string reason) => new() { Reason = reason };

    public static ReasonRequest Read(JsonFields fields) => new() { Reason = fields.Text("reason", CustomerCare.Actions.Reason.Rule) };
}
