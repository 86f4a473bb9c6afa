using System.Text.Json;
using ChangeFeed.Emulator.Engine.Regions;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>The account document every client reads first.</summary>
internal static class AccountEndpoint
{
    // The SDK hands this to its query planner; without it queries fail and the client process dies later.
    private const string QueryEngineConfiguration =
        """
        {"maxSqlQueryInputLength":262144,"maxJoinsPerSqlQuery":5,"maxLogicalAndPerSqlQuery":500,"maxLogicalOrPerSqlQuery":500,"maxUdfRefPerSqlQuery":10,"maxInExpressionItemsCount":16000,"queryMaxInMemorySortDocumentCount":500,"maxQueryRequestTimeoutFraction":0.9,"sqlAllowNonFiniteNumbers":false,"sqlAllowAggregateFunctions":true,"sqlAllowSubQuery":true,"sqlAllowScalarSubQuery":true,"allowNewKeywords":true,"sqlAllowLike":true,"sqlAllowGroupByClause":true,"maxSpatialQueryCells":12,"spatialMaxGeometryPointCount":256,"sqlAllowTop":true,"enableSpatialIndexing":true}
        """;

    public static Task ReadAsync(CosmosRequest request, RegionSet? regions)
    {
        // The client comes back to the address it is told, so tell it the one it used.
        var address = $"{request.Http.Request.Scheme}://{request.Http.Request.Host.Value}/";
        return request.Http.Response.WriteBytesAsync(200, JsonBody.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("_self", "");
            writer.WriteString("id", "local");
            writer.WriteString("_rid", "local");
            writer.WriteString("media", "//media/");
            writer.WriteString("addresses", "//addresses/");
            writer.WriteString("_dbs", "//dbs/");
            WriteLocations(writer, "writableLocations", regions is null ? [("Local", address)] : [At(request, regions.Writer)]);
            WriteLocations(
                writer, "readableLocations", regions is null ? [("Local", address)] : Readable(regions).Select(region => At(request, region)));
            writer.WriteBoolean("enableMultipleWriteLocations", false);
            writer.WriteStartObject("userConsistencyPolicy");
            writer.WriteString("defaultConsistencyLevel", "Session");
            writer.WriteEndObject();
            // Nothing here is replicated, but a client in Direct mode fails in its own code without these.
            foreach (var name in (ReadOnlySpan<string>)["userReplicationPolicy", "systemReplicationPolicy"])
            {
                writer.WriteStartObject(name);
                writer.WriteBoolean("asyncReplication", false);
                writer.WriteNumber("minReplicaSetSize", 1);
                writer.WriteNumber("maxReplicasetSize", 4);
                writer.WriteEndObject();
            }
            writer.WriteStartObject("readPolicy");
            writer.WriteNumber("primaryReadCoefficient", 1);
            writer.WriteNumber("secondaryReadCoefficient", 1);
            writer.WriteEndObject();
            writer.WriteString("queryEngineConfiguration", QueryEngineConfiguration);
            writer.WriteEndObject();
        }));
    }

    private static void WriteLocations(Utf8JsonWriter writer, string name, IEnumerable<(string Name, string Address)> locations)
    {
        writer.WriteStartArray(name);
        foreach (var location in locations)
        {
            writer.WriteStartObject();
            writer.WriteString("name", location.Name);
            writer.WriteString("databaseAccountEndpoint", location.Address);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>The write region first, then the others in the order of priority; not those that are lost.</summary>
    private static IEnumerable<Region> Readable(RegionSet regions) => regions.All
        .Where(region => region is { Condition: not RegionCondition.Lost, Endpoint: not null })
        .OrderBy(region => region != regions.Writer);

    private static (string Name, string Address) At(CosmosRequest request, Region region) =>
        (region.Name, $"{request.Http.Request.Scheme}://{request.Http.Request.Host.Host}:{region.Endpoint?.Port}/");

    /// <summary>Where replicas are, which only a client in Direct mode asks for.</summary>
    public static Task AddressesAsync() => throw new CosmosErrorException(
        501,
        "NotImplemented",
        "This endpoint has no Direct mode: set CosmosClientOptions.ConnectionMode to ConnectionMode.Gateway.");
}
