using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.Migration.Copy;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>Says in the terms of the new container what callers say in those of the old one.</summary>
/// <param name="transformation">What becomes of a document.</param>
/// <param name="from">Partition key of the old container.</param>
/// <param name="to">Partition key of the new container.</param>
internal sealed class KeyTranslation(IDocumentTransformation transformation, KeyPaths from, KeyPaths to)
{
    /// <summary>A partition there.</summary>
    /// <exception cref="NotSupportedException">It does not follow from the partition here alone.</exception>
    public PartitionKey Of(PartitionKey key)
    {
        if (key == PartitionKey.None || JsonNode.Parse(key.ToString()) is not JsonArray values)
            throw new NotSupportedException("A partition without a value cannot be looked for through a directory.");
        // A document with nothing but its key has the same key there as any other of its partition.
        var there = to.KeyOf(Single(from.DocumentOf(values)));
        if (there.Take(there.Count - 1).Any(value => value is JsonObject))
            throw new NotSupportedException(
                $"Transformation '{transformation.Name}' does not give partition {key} a place from its key alone, so it cannot be looked for by it.");
        return KeyPaths.PartitionOf(there);
    }

    /// <summary>A document there.</summary>
    public MemoryStream Of(Stream document)
    {
        using (document)
            return new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(Single(JsonNode.Parse(document)!.AsObject())), writable: false);
    }

    /// <summary>A range there: ranges of hashes are, those of one partition are not the same.</summary>
    public FeedRange Of(FeedRange range) => JsonNode.Parse(range.ToJsonString())?["PK"] is JsonValue key
        ? FeedRange.FromPartitionKey(Of(KeyPaths.PartitionOf([.. JsonNode.Parse(key.GetValue<string>())!.AsArray().Select(v => v?.DeepClone()), null])))
        : range;

    private JsonObject Single(JsonObject document) => transformation.Forward(document).ToList() is [var only]
        ? only
        : throw new NotSupportedException(
            $"Transformation '{transformation.Name}' makes none or several of a document: it cannot be written through a directory.");
}
