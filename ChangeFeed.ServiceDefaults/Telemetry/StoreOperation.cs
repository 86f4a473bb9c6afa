using Microsoft.Azure.Cosmos;

namespace ChangeFeed.ServiceDefaults.Telemetry;

/// <summary>Tells from a request of the SDK what it does; by its path, such as <c>dbs/orders/colls/events/docs/0</c>, and its headers.</summary>
internal static class StoreOperation
{
    /// <summary>The container; empty for what concerns the account or the database.</summary>
    public static string ContainerOf(string path)
    {
        var segments = path.Trim('/').Split('/');
        return segments is [_, _, "colls", var container, ..] ? container : "";
    }

    /// <summary>The operation, by the names the OpenTelemetry conventions give to those of Azure Cosmos DB.</summary>
    public static string NameOf(string method, string path, Headers headers)
    {
        var resource = path.Trim('/').Split('/') switch
        {
            [_, _, "colls", _, "docs", ..] => "item",
            [_, _, "colls", _, ..] => "container",
            _ => "database",
        };
        return method switch
        {
            "POST" when headers.ContentType?.Contains("query", StringComparison.Ordinal) == true => "query_items",
            "POST" when headers["x-ms-cosmos-is-batch-request"] is not null => "execute_batch",
            "POST" when headers["x-ms-documentdb-is-upsert"] is not null => "upsert_item",
            "POST" => resource == "database" ? "create_container" : "create_item", // made in what is above it
            "PUT" => $"replace_{resource}",
            "PATCH" => $"patch_{resource}",
            "DELETE" => $"delete_{resource}",
            _ => headers["A-IM"] is not null ? "query_change_feed" : $"read_{resource}",
        };
    }
}
