using System.Globalization;
using System.Text.Json;
using ChangeFeed.Emulator.Endpoints.Regions;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Engine.Regions;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints.Management;

/// <summary>
/// What the real service does not have, under <c>/_emulator</c>: health, statistics, splits on demand, throttling and injected faults.
/// </summary>
internal sealed class ManagementEndpoints(EngineState state, Controls controls, RegionSet? regions)
{
    private const int MaxBody = 64 * 1024;

    private readonly RegionEndpoints _regions = new(regions);
    private readonly FaultRules _faults = controls.Faults;
    private readonly Usage _usage = controls.Usage;
    private readonly MissingIndexes _missingIndexes = controls.MissingIndexes;

    public Task HandleAsync(CosmosRequest request) => (request.Method, request.Segments[1..]) switch
    {
        ("GET", ["stats"]) => StatsAsync(request),
        ("GET", ["faults"]) => ListFaultsAsync(request),
        ("POST", ["faults"]) => AddFaultAsync(request),
        ("DELETE", ["faults"]) => ClearFaultsAsync(request),
        ("GET", ["throttle"]) => ReadThrottleAsync(request),
        ("PUT", ["throttle"]) => SetThrottleAsync(request),
        ("DELETE", ["throttle"]) => RemoveThrottleAsync(request),
        ("GET", ["containers", var database, var container, "partitions"]) =>
            PartitionsAsync(request, state.Catalogue.Container(database, container)),
        ("POST", ["containers", var database, var container, "split", var range]) => SplitAsync(request, database, container, range),
        (_, ["regions", .. var rest]) => _regions.HandleAsync(request, rest),
        _ =>
            throw new CosmosErrorException(404, "NotFound", $"There is nothing at {request.Method} /{string.Join('/', request.Segments)}."),
    };

    /// <summary>Whether requests are served. <c>/alive</c> asks only whether the process answers: a restart would make no room.</summary>
    public Task HealthAsync(CosmosRequest request) => state.Store.Health.Trouble is { } trouble && request.Segments is not ["alive"]
        ? request.Http.Response.WriteTextAsync(503, $"Unhealthy: {trouble}")
        : request.Http.Response.WriteTextAsync(200, "Healthy");

    private async Task SplitAsync(CosmosRequest request, string database, string container, string range)
    {
        if (state.Region is { Writes: false } region)
            throw CosmosErrorException.WriteForbidden(region.Name);
        var children = await PartitionSplit.RunAsync(state, database, container, range);
        await request.Http.Response.WriteBytesAsync(200, JsonBody.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("children");
            foreach (var child in children)
                writer.WriteStringValue(child.Name);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }

    private async Task AddFaultAsync(CosmosRequest request)
    {
        _faults.Add(FaultRules.Parse(await request.ReadBodyAsync(MaxBody)));
        await request.Http.Response.WriteEmptyAsync(204);
    }

    private Task ListFaultsAsync(CosmosRequest request) =>
        request.Http.Response.WriteBytesAsync(200, JsonSerializer.SerializeToUtf8Bytes(_faults.All, FaultJson.Default.IEnumerableFaultRule));

    private Task ClearFaultsAsync(CosmosRequest request)
    {
        _faults.Clear();
        return request.Http.Response.WriteEmptyAsync(204);
    }

    private Task ReadThrottleAsync(CosmosRequest request)
    {
        var throttle = new Throttle { UnitsPerSecond = _usage.Limit };
        return request.Http.Response.WriteBytesAsync(200, JsonSerializer.SerializeToUtf8Bytes(throttle, ThrottleJson.Default.Throttle));
    }

    private async Task SetThrottleAsync(CosmosRequest request)
    {
        _usage.Limit = Throttle.Parse(await request.ReadBodyAsync(MaxBody));
        await request.Http.Response.WriteEmptyAsync(204);
    }

    private Task RemoveThrottleAsync(CosmosRequest request)
    {
        _usage.Limit = null;
        return request.Http.Response.WriteEmptyAsync(204);
    }

    /// <summary>How far the partitions of a container are; counts nothing, so it may be asked for often.</summary>
    private Task PartitionsAsync(CosmosRequest request, Container container) =>
        request.Http.Response.WriteBytesAsync(200, JsonBody.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var partition in container.Partitions)
            {
                WriteStart(writer, container, partition);
                writer.WriteStartArray("parents");
                foreach (var parent in partition.Parents)
                    writer.WriteStringValue(parent.ToString(CultureInfo.InvariantCulture));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }));

    private void WriteStart(Utf8JsonWriter writer, Container container, Partition partition)
    {
        var (requests, units) = _usage.Total(container.RidText, partition.Name);
        writer.WriteStartObject();
        writer.WriteString("id", partition.Name);
        writer.WriteString("minInclusive", partition.Range.MinHex);
        writer.WriteString("maxExclusive", partition.Range.MaxHex);
        writer.WriteNumber("lsn", partition.Lsn);
        WriteUse(writer, requests, units);
    }

    private Task StatsAsync(CosmosRequest request)
    {
        using var session = state.Store.Read();
        session.Pin();
        return request.Http.Response.WriteBytesAsync(200, JsonBody.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("bytesOnDisk", state.Store.Size);
            if (regions is not null)
            {
                writer.WriteString("region", state.Region!.Name);
                writer.WritePropertyName("account");
                RegionEndpoints.Write(writer, regions);
            }
            writer.WriteStartArray("containers");
            foreach (var container in state.Catalogue.Containers)
            {
                var (requests, units) = _usage.Total(container.RidText);
                writer.WriteStartObject();
                writer.WriteString("database", container.Database.Id);
                writer.WriteString("container", container.Id);
                writer.WriteNumber("items", container.Partitions.Sum(partition => session.CountItems(container, partition.Id)));
                writer.WriteNumber("bytes", session.CountBytes(container));
                WriteUse(writer, requests, units);
                WriteOperations(writer, container);
                WriteClients(writer, container);
                WriteMissingIndexes(writer, container);
                writer.WriteStartArray("partitions");
                foreach (var partition in container.Partitions)
                {
                    WriteStart(writer, container, partition);
                    writer.WriteNumber("items", session.CountItems(container, partition.Id));
                    writer.WriteNumber("bytes", session.CountBytes(container, partition.Id));
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }

    private void WriteOperations(Utf8JsonWriter writer, Container container) =>
        WriteList(writer, "operations", _usage.Operations(container.RidText), operation =>
        {
            writer.WriteString("operation", operation.Operation);
            writer.WriteBoolean("refused", operation.Refused);
            WriteUse(writer, operation.Requests, operation.Units);
        });

    private void WriteClients(Utf8JsonWriter writer, Container container) =>
        WriteList(writer, "clients", _usage.Clients(container.RidText), client =>
        {
            writer.WriteString("client", client.Client);
            writer.WriteString("operation", client.Operation);
            WriteUse(writer, client.Requests, client.Units);
        });

    private void WriteMissingIndexes(Utf8JsonWriter writer, Container container) =>
        WriteList(writer, "missingIndexes", _missingIndexes.Of(container.RidText), missing =>
        {
            writer.WriteString("path", missing.Path);
            writer.WriteNumber("queries", missing.Queries);
            writer.WriteString("first", missing.First);
        });

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(item);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteUse(Utf8JsonWriter writer, long requests, double units)
    {
        writer.WriteNumber("requests", requests);
        writer.WriteNumber("requestUnits", units);
    }
}
