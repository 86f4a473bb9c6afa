using OrderPipeline.Emulator.Items;
using OrderPipeline.Emulator.Query;
using OrderPipeline.Emulator.Resources;
using OrderPipeline.Emulator.Storage;

namespace OrderPipeline.Emulator;

/// <summary>What the request handlers share.</summary>
sealed record EmulatorState(EmulatorOptions Options, IStore Store, Catalogue Catalogue, Committer Committer, ItemWriter Items, QueryEngine Queries, TimeProvider Time)
{
    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();
}
