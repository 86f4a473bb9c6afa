using System.Text.Json;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints.Management;

/// <summary>
/// What the real service does not have, under <c>/_emulator</c>: health, statistics, splits on demand, throttling and injected faults.
/// </summary>
sealed class ManagementEndpoints(EngineState state, FaultRules faults, Usage usage)
{
    const int MaxBody = 64 * 1024;

    public Task Handle(CosmosRequest request) => (request.Method, request.Segments[1..]) switch
    {
        ("GET", ["health"]) => Health(request),
        ("GET", ["stats"]) => Stats(request),
        ("GET", ["faults"]) => ListFaults(request),
        ("POST", ["faults"]) => AddFault(request),
        ("DELETE", ["faults"]) => ClearFaults(request),
        ("GET", ["throttle"]) => ReadThrottle(request),
        ("PUT", ["throttle"]) => SetThrottle(request),
        ("DELETE", ["throttle"]) => RemoveThrottle(request),
        ("POST", ["containers", var database, var container, "split", var range]) => Split(request, database, container, range),
        _ => throw new CosmosErrorException(404, "NotFound", $"There is nothing at {request.Method} /{string.Join('/', request.Segments)}."),
    };

    public static Task Health(CosmosRequest request) => request.Http.Response.Text(200, "Healthy");

    async Task Split(CosmosRequest request, string database, string container, string range)
    {
        var children = await PartitionSplit.Run(state, database, container, range);
        await request.Http.Response.Bytes(200, JsonBody.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("children");
            foreach (var child in children)
                writer.WriteStringValue(child.Name);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }

    async Task AddFault(CosmosRequest request)
    {
        faults.Add(FaultRules.Parse(await request.ReadBodyAsync(MaxBody)));
        await request.Http.Response.Empty(204);
    }

    Task ListFaults(CosmosRequest request) =>
        request.Http.Response.Bytes(200, JsonSerializer.SerializeToUtf8Bytes(faults.All, FaultJson.Default.IEnumerableFaultRule));

    Task ClearFaults(CosmosRequest request)
    {
        faults.Clear();
        return request.Http.Response.Empty(204);
    }

    Task ReadThrottle(CosmosRequest request)
    {
        var throttle = new Throttle { UnitsPerSecond = usage.Limit };
        return request.Http.Response.Bytes(200, JsonSerializer.SerializeToUtf8Bytes(throttle, ThrottleJson.Default.Throttle));
    }

    async Task SetThrottle(CosmosRequest request)
    {
        usage.Limit = Throttle.Parse(await request.ReadBodyAsync(MaxBody));
        await request.Http.Response.Empty(204);
    }

    Task RemoveThrottle(CosmosRequest request)
    {
        usage.Limit = null;
        return request.Http.Response.Empty(204);
    }

    Task Stats(CosmosRequest request)
    {
        using var session = state.Store.Read();
        session.Pin();
        return request.Http.Response.Bytes(200, JsonBody.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("bytesOnDisk", state.Store.Size);
            writer.WriteStartArray("containers");
            foreach (var container in state.Catalogue.Containers)
            {
                var (requests, units) = usage.Total(container.RidText);
                writer.WriteStartObject();
                writer.WriteString("database", container.Database.Id);
                writer.WriteString("container", container.Id);
                writer.WriteNumber("items", container.Partitions.Sum(partition => session.CountItems(container, partition.Id)));
                writer.WriteNumber("bytes", session.CountBytes(container));
                writer.WriteNumber("requests", requests);
                writer.WriteNumber("requestUnits", units);
                writer.WriteStartArray("partitions");
                foreach (var partition in container.Partitions)
                {
                    writer.WriteStartObject();
                    writer.WriteString("id", partition.Name);
                    writer.WriteString("minInclusive", partition.Range.MinHex);
                    writer.WriteString("maxExclusive", partition.Range.MaxHex);
                    writer.WriteNumber("lsn", partition.Lsn);
                    writer.WriteNumber("items", session.CountItems(container, partition.Id));
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }
}
