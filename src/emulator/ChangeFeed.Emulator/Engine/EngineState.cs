using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Engine.Regions;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine;

/// <summary>What those who answer requests share: the store, what is in it, who writes and who queries.</summary>
internal sealed record EngineState(
    IReplicatedStore Store, Catalogue Catalogue, Committer Committer, ItemWriter Items, QueryEngine Queries, TimeProvider Time)
{
    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The region this is of; null where the account has none but one.</summary>
    public RegionRole? Region { get; init; }

    /// <summary>Changes databases, containers, partitions or offers, in every region that can be reached.</summary>
    public async Task<T> ChangeAsync<T>(Func<WriteContext, T> change)
    {
        var result = await Committer.RunAsync(change);
        if (Region is not null)
            await Region.ReplicatedAsync();
        return result;
    }
}
