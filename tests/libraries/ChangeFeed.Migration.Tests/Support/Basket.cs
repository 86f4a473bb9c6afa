using System.Text.Json.Nodes;
using Newtonsoft.Json;

namespace ChangeFeed.Migration.Tests.Support;

#pragma warning disable SA1300, IDE1006 // names are those of the documents
public sealed record Basket(
    string id, string customer, int items, [property: JsonProperty(NullValueHandling = NullValueHandling.Ignore)] int? ttl = null);
#pragma warning restore SA1300, IDE1006

/// <summary>Adds the tenant a customer belongs to.</summary>
public sealed class ByTenant : IDocumentTransformation
{
    public string Name => "tenant";

    public Func<JsonObject, IEnumerable<JsonObject>>? Backward => document =>
    {
        document.Remove("tenant");
        return [document];
    };

    public static string TenantOf(string customer) => $"t{customer.Length % 3}";

    public IEnumerable<JsonObject> Forward(JsonObject document)
    {
        document["tenant"] = TenantOf((string)document["customer"]!);
        return [document];
    }
}

/// <summary>A document with a mark is deleted, an empty basket is left out, and one with many items becomes two.</summary>
public sealed class Soft : IDocumentTransformation
{
    public string Name => "soft";

    public Func<JsonObject, IEnumerable<JsonObject>>? Backward => null;

    public bool IsDeleted(JsonObject document) => document["gone"] is not null;

    public IEnumerable<JsonObject> Forward(JsonObject document)
    {
        if ((int)document["items"]! == 0)
            return [];
        if ((string)document["id"]! != "many")
            return [document];
        var second = document.DeepClone().AsObject();
        second["id"] = "many-2";
        return [document, second];
    }
}
