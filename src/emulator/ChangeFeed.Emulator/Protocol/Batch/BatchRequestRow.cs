using ChangeFeed.Emulator.Model;
using Microsoft.Azure.Cosmos.Core.Utf8;
using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;

namespace ChangeFeed.Emulator.Protocol.Batch;

/// <summary>One operation as it stands in a batch request, whatever the format it came in.</summary>
internal sealed class BatchRequestRow
{
    public int OperationType { get; set; } = -1;

    public string? PartitionKey { get; set; }

    public string? Id { get; set; }

    public byte[]? Body { get; set; }

    public string? IfMatch { get; set; }

    public string? IfNoneMatch { get; set; }

    public bool Minimal { get; set; }

    /// <summary>Reads a HybridRow record stream.</summary>
    public static async Task<List<BatchRequestRow>> ReadAsync(byte[] body)
    {
        var rows = new List<BatchRequestRow>();
        var result = await new MemoryStream(body).ReadRecordIOAsync((ReadOnlyMemory<byte> record) =>
        {
            var row = new BatchRequestRow();
            var outcome = row.Read(record);
            rows.Add(row);
            return outcome;
        }, resizer: new MemorySpanResizer<byte>(body.Length));
        return result == Microsoft.Azure.Cosmos.Serialization.HybridRow.Result.Success
            ? rows
            : throw CosmosErrorException.BadRequest($"The batch is not a valid HybridRow stream ({result}).");
    }

    private Result Read(ReadOnlyMemory<byte> record)
    {
        var row = new RowBuffer(record.Length);
        if (!row.ReadFrom(record.Span, HybridRowVersion.V1, BatchLayouts.Resolver))
            return Microsoft.Azure.Cosmos.Serialization.HybridRow.Result.Failure;
        var reader = new RowReader(ref row);
        while (reader.Read())
        {
            var outcome = ReadField(ref reader);
            if (outcome != Microsoft.Azure.Cosmos.Serialization.HybridRow.Result.Success)
                return outcome;
        }
        return Microsoft.Azure.Cosmos.Serialization.HybridRow.Result.Success;
    }

    private Result ReadField(ref RowReader reader)
    {
        Result outcome;
        string? text;
        switch ((string)reader.Path)
        {
            case "operationType":
                outcome = reader.ReadInt32(out var type);
                OperationType = type;
                return outcome;
            case "partitionKey":
                outcome = reader.ReadString(out text);
                PartitionKey = text;
                return outcome;
            case "id":
                outcome = reader.ReadString(out text);
                Id = text;
                return outcome;
            case "resourceBody":
                outcome = reader.ReadBinary(out byte[] bytes);
                Body = bytes;
                return outcome;
            case "ifMatch":
                outcome = reader.ReadString(out text);
                IfMatch = text;
                return outcome;
            case "ifNoneMatch":
                outcome = reader.ReadString(out text);
                IfNoneMatch = text;
                return outcome;
            case "minimalReturnPreference":
                outcome = reader.ReadBool(out var minimal);
                Minimal = minimal;
                return outcome;
            default:
                return Microsoft.Azure.Cosmos.Serialization.HybridRow.Result.Success;
        }
    }
}
