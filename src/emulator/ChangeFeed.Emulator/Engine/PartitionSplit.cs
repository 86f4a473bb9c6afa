using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Engine;

/// <summary>Splits a physical partition in two. The children go on from the parent's LSN, so that its continuations stay valid.</summary>
internal static class PartitionSplit
{
    public static Task<IReadOnlyList<Partition>> RunAsync(EngineState state, string database, string name, string range) =>
        state.ChangeAsync<IReadOnlyList<Partition>>(context =>
        {
            var container = state.Catalogue.Container(database, name);
            var parent = container.PartitionNamed(range);
            var middle = parent.Range.Middle(container.Definition.PartitionKey.Version)
                ?? throw CosmosErrorException.BadRequest($"The partition key range '{range}' cannot be split any further.");
            var next = container.Partitions.SelectMany(partition => partition.Parents.Append(partition.Id)).Max() + 1;
            int[] parents = [.. parent.Parents, parent.Id];
            var left = new Partition(next, new(parent.Range.Min, middle), parents, parent.Lsn) { VersionsFrom = parent.VersionsFrom };
            var right = new Partition(next + 1, new(middle, parent.Range.Max), parents, parent.Lsn) { VersionsFrom = parent.VersionsFrom };
            context.Session.Split(container, parent, left, right);
            context.OnCommit(() => container.ReplacePartition(parent, [left, right]));
            return [left, right];
        });
}
