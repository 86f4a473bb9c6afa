using ChangeFeed.Emulator.Model;
using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;

namespace ChangeFeed.Emulator.Protocol.Batch;

/// <summary>Writes the results of a batch as a HybridRow record stream.</summary>
internal static class BatchResponseRows
{
    private const int RowSize = 512;

    public static async Task<byte[]> WriteAsync(ItemResult[] results)
    {
        using var stream = new MemoryStream();
        var resizer = new MemorySpanResizer<byte>(RowSize);
        var outcome = await stream.WriteRecordIOAsync(default(Segment), (long index, out ReadOnlyMemory<byte> buffer) =>
        {
            if (index >= results.Length)
            {
                buffer = ReadOnlyMemory<byte>.Empty;
                return Result.Success;
            }
            var row = new RowBuffer(RowSize, resizer);
            row.InitLayout(HybridRowVersion.V1, BatchLayouts.Result, BatchLayouts.Resolver);
            var written = RowWriter.WriteBuffer(ref row, results[index], WriteFields);
            buffer = resizer.Memory[..row.Length];
            return written;
        });
        return outcome == Result.Success
            ? stream.ToArray()
            : throw new InvalidOperationException($"The batch response could not be written: {outcome}.");
    }

    private static Result WriteFields(ref RowWriter writer, TypeArgument type, ItemResult result)
    {
        var outcome = writer.WriteInt32("statusCode", result.Status);
        if (outcome == Result.Success && result.SubStatus != 0)
            outcome = writer.WriteInt32("subStatusCode", result.SubStatus);
        if (outcome == Result.Success && result.Etag is { } etag)
            outcome = writer.WriteString("eTag", etag);
        if (outcome == Result.Success && result.Body is { } body)
            outcome = writer.WriteBinary("resourceBody", body.AsSpan());
        if (outcome == Result.Success)
            outcome = writer.WriteFloat64("requestCharge", result.Charge);
        return outcome;
    }
}
