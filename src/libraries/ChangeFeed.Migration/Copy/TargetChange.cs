using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>What is to stand in the target: a document, or a mark that it was deleted.</summary>
/// <param name="Key">Where.</param>
/// <param name="Stamp">Of which version of the source it is.</param>
/// <param name="Body">As it is to be written.</param>
internal sealed record TargetChange(JsonArray Key, DocumentStamp Stamp, byte[] Body)
{
    /// <summary>
    /// How long a mark stands. A request that was signed before is refused by the account after 15 minutes, so what was sent before the delete
    /// cannot bring the document back once the mark is gone.
    /// </summary>
    public static readonly TimeSpan MarkLife = TimeSpan.FromHours(1);

    public PartitionKey Partition => KeyPaths.PartitionOf(Key);

    public string Id => KeyPaths.IdOf(Key);

    public static TargetChange Of(JsonObject document, JsonArray key, DocumentStamp stamp)
    {
        document[DocumentStamp.Property] = stamp.ToJson();
        return new TargetChange(key, stamp, Encoding.UTF8.GetBytes(document.ToJsonString()));
    }

    /// <summary>The mark in place of a document: its id, the properties of its partition key, and nothing else.</summary>
    public static TargetChange Mark(JsonObject document, IReadOnlyList<string> keyPaths, JsonArray key, DocumentStamp stamp)
    {
        var mark = new JsonObject { ["id"] = (string?)document["id"], ["ttl"] = (int)MarkLife.TotalSeconds };
        foreach (var name in keyPaths)
        {
            if (document.TryGetPropertyValue(name, out var value))
                mark[name] = value?.DeepClone();
        }

        return Of(mark, key, stamp with { Hash = DocumentContent.Hash(mark), Deleted = true });
    }
}
