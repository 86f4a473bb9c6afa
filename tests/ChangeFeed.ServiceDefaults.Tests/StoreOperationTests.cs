using ChangeFeed.ServiceDefaults.Telemetry;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.ServiceDefaults.Tests;

public sealed class StoreOperationTests
{
    [Theory]
    [InlineData("dbs/orders/colls/events/docs/0", "events")]
    [InlineData("dbs/orders/colls/events", "events")]
    [InlineData("/dbs/orders/colls/events/", "events")]
    [InlineData("dbs/orders", "")]
    [InlineData("", "")]
    public void The_container_is_in_the_path(string path, string container) => StoreOperation.ContainerOf(path).ShouldBe(container);

    [Theory]
    [InlineData("GET", "dbs/orders/colls/events/docs/0", null, null, "read_item")]
    [InlineData("GET", "dbs/orders/colls/events", null, null, "read_container")]
    [InlineData("GET", "dbs/orders/colls/events", "A-IM", "Incremental Feed", "query_change_feed")]
    [InlineData("GET", "dbs/orders", null, null, "read_database")]
    [InlineData("POST", "dbs/orders/colls/events", null, null, "create_item")]
    [InlineData("POST", "dbs/orders/colls/events", "Content-Type", "application/query+json", "query_items")]
    [InlineData("POST", "dbs/orders/colls/events", "x-ms-cosmos-is-batch-request", "True", "execute_batch")]
    [InlineData("POST", "dbs/orders/colls/events", "x-ms-documentdb-is-upsert", "True", "upsert_item")]
    [InlineData("POST", "dbs/orders", null, null, "create_container")]
    [InlineData("PUT", "dbs/orders/colls/events/docs/0", null, null, "replace_item")]
    [InlineData("PATCH", "dbs/orders/colls/events/docs/0", null, null, "patch_item")]
    [InlineData("DELETE", "dbs/orders/colls/events/docs/0", null, null, "delete_item")]
    public void The_operation_is_told_by_method_path_and_headers(string method, string path, string? header, string? value, string operation)
    {
        var headers = new Headers();
        if (header is not null)
            headers.Set(header, value);
        StoreOperation.NameOf(method, path, headers).ShouldBe(operation);
    }
}
