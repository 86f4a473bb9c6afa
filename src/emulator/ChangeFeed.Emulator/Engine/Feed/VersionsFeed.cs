using System.Text.Json;
using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Feed;

/// <summary>Reads the change feed of all versions and deletes from the container's log.</summary>
internal static class VersionsFeed
{
    /// <summary>Fills the page, with nothing beyond the current LSN; returns the LSN to continue after.</summary>
    public static long Read(IReadSession session, ReadTarget target, long afterLsn, int maxItems, long currentLsn, FeedPage page)
    {
        var (container, partition) = (target.Container, target.Partition);
        if (afterLsn < partition.VersionsFrom)
            throw CosmosErrorException.BadRequest(
                $"The continuation {afterLsn} is older than the versions kept in container "
                + $"'{container.Id}' ({container.Definition.VersionRetention}); start again from now.");

        long last = 0;
        var stopped = false;
        session.ReadVersions(container, partition.Id, StoredItem.EndOf(afterLsn), version =>
        {
            var lsn = StoredItem.LsnOf(version.Position);
            if (lsn > currentLsn)
                return false;
            if (lsn != last && (page.Count >= maxItems || page.IsFull))
            {
                stopped = true;
                return false;
            }
            last = lsn;
            if (target.Range.Contains(version.Epk))
            {
                page.Next();
                Write(page, container, version);
            }
            return true;
        });
        return stopped ? last : Math.Max(last, currentLsn);
    }

    private static void Write(FeedPage page, Container container, in ItemVersion version)
    {
        using var writer = new Utf8JsonWriter(page);
        writer.WriteStartObject();
        writer.WritePropertyName("current");
        writer.WriteRawValue(version.Current.Length > 0 ? version.Current : "{}"u8, skipInputValidation: true);
        // Only a deletion shows what was there before; a replacement says where that was.
        if (version.Kind is VersionKind.Delete or VersionKind.Expiry && version.Previous.Length > 0)
        {
            writer.WritePropertyName("previous");
            writer.WriteRawValue(version.Previous, skipInputValidation: true);
        }

        writer.WriteStartObject("metadata");
        writer.WriteNumber("lsn", StoredItem.LsnOf(version.Position));
        writer.WriteNumber("crts", version.Timestamp);
        writer.WriteString("operationType", version.Kind switch
        {
            VersionKind.Create => "create",
            VersionKind.Replace => "replace",
            _ => "delete",
        });
        if (version.PreviousPosition is { } previous)
            writer.WriteNumber("previousImageLSN", StoredItem.LsnOf(previous));
        if (version.Kind is VersionKind.Delete or VersionKind.Expiry)
            WriteDeleted(writer, container, version);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDeleted(Utf8JsonWriter writer, Container container, in ItemVersion version)
    {
        using var previous = JsonDocument.Parse(version.Previous, new() { MaxDepth = 256 });
        writer.WriteBoolean("timeToLiveExpired", version.Kind == VersionKind.Expiry);
        writer.WriteString("id", previous.RootElement.GetProperty("id").GetString());
        writer.WriteStartObject("partitionKey");
        foreach (var path in container.Definition.PartitionKey.Paths)
        {
            var value = previous.RootElement;
            if (!path.Names.All(name => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out value)))
                continue;
            writer.WritePropertyName(path.Names[^1]);
            value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}
