using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine;

/// <summary>What those who answer requests share: the store, what is in it, who writes and who queries.</summary>
internal sealed record EngineState(
    IStore Store, Catalogue Catalogue, Committer Committer, ItemWriter Items, QueryEngine Queries, TimeProvider Time)
{
    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();
}
