using System.Text.Json;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Protocol.Batch;

/// <summary>The batch format of other SDKs: a JSON array of operations, answered by a JSON array of results.</summary>
internal static class JsonBatch
{
    public static List<BatchRequestRow> Read(byte[] body)
    {
        using var document = JsonBody.Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw CosmosErrorException.BadRequest("A batch must be a JSON array of operations.");
        return [.. document.RootElement.EnumerateArray().Select(Row)];
    }

    private static BatchRequestRow Row(JsonElement operation) => new()
    {
        OperationType = Text(operation, "operationType")?.ToLowerInvariant() switch
        {
            "create" => (int)OperationKind.Create,
            "upsert" => (int)OperationKind.Upsert,
            "read" => (int)OperationKind.Read,
            "delete" => (int)OperationKind.Delete,
            "replace" => (int)OperationKind.Replace,
            "patch" => (int)OperationKind.Patch,
            var other => throw CosmosErrorException.BadRequest($"The batch operation type '{other}' is unknown."),
        },
        Id = Text(operation, "id"),
        PartitionKey = operation.TryGetProperty("partitionKey", out var key)
            ? key.ValueKind == JsonValueKind.String ? key.GetString() : key.GetRawText()
            : null,
        Body = operation.TryGetProperty("resourceBody", out var body) ? System.Text.Encoding.UTF8.GetBytes(body.GetRawText()) : null,
        IfMatch = Text(operation, "ifMatch"),
        IfNoneMatch = Text(operation, "ifNoneMatch"),
    };

    private static string? Text(JsonElement operation, string name) =>
        operation.ValueKind == JsonValueKind.Object && operation.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static ReadOnlyMemory<byte> Write(ItemResult[] results) => JsonBody.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var result in results)
        {
            writer.WriteStartObject();
            writer.WriteNumber("statusCode", result.Status);
            if (result.SubStatus != 0)
                writer.WriteNumber("subStatusCode", result.SubStatus);
            writer.WriteNumber("requestCharge", result.Charge);
            if (result.Etag is { } etag)
                writer.WriteString("eTag", etag);
            if (result.Message is { } message)
                writer.WriteString("message", message);
            if (result.Body is { } body)
            {
                writer.WritePropertyName("resourceBody");
                writer.WriteRawValue(body);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });
}
