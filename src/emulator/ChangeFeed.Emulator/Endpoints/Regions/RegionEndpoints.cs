using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.Emulator.Engine.Regions;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints.Regions;

/// <summary><c>/_emulator/regions</c>: how the regions are, and what can happen to them.</summary>
internal sealed class RegionEndpoints(RegionSet? regions)
{
    private const int MaxBody = 64 * 1024;

    /// <param name="request">The request.</param>
    /// <param name="path">Its path behind <c>regions</c>.</param>
    public async Task HandleAsync(CosmosRequest request, string[] path)
    {
        if (regions is null)
            throw CosmosErrorException.NotFound("This account has one region; start the store with --regions west,east.");
        switch (request.Method, path)
        {
            case ("GET", []):
                break;
            case ("PUT", ["lag"]):
                regions.Lag = LagJson.Parse(await request.ReadBodyAsync(MaxBody));
                break;
            case ("POST", [var region, "lose"]):
                var loss = LossJson.Parse(await request.ReadBodyAsync(MaxBody));
                await regions.LoseAsync(region, loss.KeepsTail, loss.FailOver);
                break;
            case ("POST", [var region, "recover"]):
                await regions.RecoverAsync(region);
                break;
            case ("POST", [var region, "split"]):
                await regions.SplitAsync(region);
                break;
            case ("POST", [var region, "heal"]):
                await regions.HealAsync(region);
                break;
            case ("POST", [var region, "promote"]):
                await regions.PromoteAsync(region);
                break;
            default:
                throw CosmosErrorException.NotFound($"There is nothing at {request.Method} /{string.Join('/', request.Segments)}.");
        }
        await request.Http.Response.WriteBytesAsync(200, JsonBody.Write(writer => Write(writer, regions)));
    }

    /// <summary>Writes how the regions are, as one object.</summary>
    public static void Write(Utf8JsonWriter writer, RegionSet regions)
    {
        writer.WriteStartObject();
        writer.WriteString("writeRegion", regions.Writer.Name);
        writer.WriteNumber("failovers", regions.Epoch);
        writer.WriteNumber("replicationLagMs", (long)regions.Lag.TotalMilliseconds);
        writer.WriteStartArray("regions");
        foreach (var region in regions.All)
        {
            var running = region.Running;
            writer.WriteStartObject();
            writer.WriteString("name", region.Name);
            writer.WriteString("condition", region.Condition.ToString().ToLowerInvariant());
            if (region.Endpoint is { } endpoint)
                writer.WriteString("endpoint", endpoint.ToString());
            if (running is not null)
                writer.WriteNumber("commits", running.Store.Position);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>How a region is lost.</summary>
internal sealed class Loss
{
    /// <summary>What becomes of what was committed and has not arrived elsewhere: <c>lost</c> or <c>kept</c>.</summary>
    public string Tail { get; set; } = "lost";

    /// <summary>Whether another region becomes the one that is written to.</summary>
    public bool FailOver { get; set; } = true;

    public bool KeepsTail => Tail == "kept";
}

internal sealed class ReplicationLag
{
    public int? Milliseconds { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Loss))]
internal sealed partial class LossJson : JsonSerializerContext
{
    /// <summary>No body is what a region is lost by without a choice.</summary>
    public static Loss Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var loss = json.IsEmpty ? new() : JsonSerializer.Deserialize(json, Default.Loss) ?? new();
            return loss.Tail is "lost" or "kept"
                ? loss
                : throw CosmosErrorException.BadRequest($"'tail' is '{loss.Tail}'; it must be lost or kept.");
        }
        catch (JsonException exception)
        {
            throw CosmosErrorException.BadRequest($"The loss is not valid: {exception.Message}");
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ReplicationLag))]
internal sealed partial class LagJson : JsonSerializerContext
{
    public static TimeSpan Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var most = EmulatorOptions.MaxReplicationLag.TotalMilliseconds;
            var lag = JsonSerializer.Deserialize(json, Default.ReplicationLag)?.Milliseconds;
            return lag >= 0 && lag <= most ? TimeSpan.FromMilliseconds(lag.Value) : throw CosmosErrorException.BadRequest(
                $"'milliseconds' is {lag?.ToString() ?? "missing"}; it must be a whole number from 0 to {most}.");
        }
        catch (JsonException exception)
        {
            throw CosmosErrorException.BadRequest($"The lag is not valid: {exception.Message}");
        }
    }
}
