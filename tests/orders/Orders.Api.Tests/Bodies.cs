using System.Text.Json.Nodes;

namespace Orders.Api.Tests;

/// <summary>Request bodies: a valid order, and the same with one thing changed.</summary>
internal static class Bodies
{
    public static JsonObject Order() => JsonNode.Parse("""
        {
          "customerId": "c-1001", "email": "ada@example.org", "currency": "USD", "paymentToken": "tok_visa",
          "shipTo": { "name": "Ada Lovelace", "line1": "1 Main St", "city": "Seattle", "region": "WA", "postalCode": "98101", "country": "US" },
          "lines": [ { "sku": "KB-01", "name": "Keyboard", "quantity": 2, "unitPrice": 49.90 } ]
        }
        """)!.AsObject();

    /// <summary>The order with one field set to a piece of JSON, kept as it is written.</summary>
    public static JsonObject With(string path, string json)
    {
        var order = Order();
        var (parent, name) = Find(order, path);
        parent[name] = JsonNode.Parse(json);
        return order;
    }

    /// <summary>The order without one field.</summary>
    public static JsonObject Without(string path)
    {
        var order = Order();
        var (parent, name) = Find(order, path);
        parent.Remove(name).ShouldBeTrue();
        return order;
    }

    private static (JsonObject Parent, string Name) Find(JsonObject order, string path) => path.Split('.') switch
    {
        [var name] => (order, name),
        ["lines[0]", var name] => (order["lines"]![0]!.AsObject(), name),
        [var parent, var name] => (order[parent]!.AsObject(), name),
        _ => throw new ArgumentException($"No path like '{path}' in an order.", nameof(path)),
    };
}
