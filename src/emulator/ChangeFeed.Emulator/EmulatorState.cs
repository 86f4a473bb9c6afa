using ChangeFeed.Emulator.Items;
using ChangeFeed.Emulator.Query;
using ChangeFeed.Emulator.Resources;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator;

/// <summary>What the request handlers share.</summary>
sealed record EmulatorState(EmulatorOptions Options, IStore Store, Catalogue Catalogue, Committer Committer, ItemWriter Items, QueryEngine Queries, TimeProvider Time)
{
    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();
}
