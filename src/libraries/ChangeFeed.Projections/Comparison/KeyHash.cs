using ChangeFeed.EventStore.Cosmos;

namespace ChangeFeed.Projections.Comparison;

/// <summary>What stands for a key where there are many.</summary>
internal static class KeyHash
{
    public static UInt128 Of(ViewKey key) => ContentHash.Of($"{key.PartitionKey}\n{key.Id}");
}
