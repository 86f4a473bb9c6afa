using System.Text.Json.Nodes;

namespace Orders.Contracts;

/// <summary>
/// How the data of older schemas becomes that of the next. Documents are never rewritten, so a step stays as long as one document
/// of its schema exists: for ever. Named after the event and the schema it leads to; registered in <see cref="OrderEvents.Map"/>.
/// </summary>
public static class Upcasters
{
    /// <summary>Schema 1 had only the gateway's words.</summary>
    public static JsonObject PaymentDeclinedTo2(JsonObject data)
    {
        var code = (string?)data["reason"] switch
        {
            "insufficient funds" => DeclineCode.InsufficientFunds,
            "unknown token" => DeclineCode.UnknownToken,
            _ => DeclineCode.Unspecified,
        };
        data["code"] = code.ToString();
        return data;
    }
}
