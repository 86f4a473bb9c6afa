using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Web;

namespace Orders.Api.CancellingAnOrder;

/// <summary>The body of POST /orders/{id}/cancel.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CancelOrderRequest : IJsonRequest<CancelOrderRequest>
{
    private const int MaxReason = 500;
    private static readonly TextRule ReasonRule = new(MaxReason);

    [Description("Why; kept with the order and told to the customer."), StringLength(MaxReason, MinimumLength = 1)]
    public required string Reason { get; init; }

    public static CancelOrderRequest Read(JsonFields fields) => new() { Reason = fields.Text("reason", ReasonRule) };
}
