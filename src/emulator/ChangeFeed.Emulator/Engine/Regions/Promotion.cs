using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>
/// Makes a region the one that is written to. Its log sequence numbers go on above those of the lost region: none is given twice, so that a
/// continuation of the change feed or a session token that has seen what is lost skips nothing that is written now.
/// </summary>
internal sealed class Promotion(EngineState state, int epoch, int writeRegion, IReadOnlyDictionary<int, LastNumbers> lost) : WriteCommand<int>
{
    public override bool Exclusive => true;

    protected override int Execute(WriteContext context)
    {
        context.Session.SaveEpoch(epoch, writeRegion);
        foreach (var container in state.Catalogue.Containers)
        {
            if (!lost.TryGetValue(container.Number, out var last))
                continue;
            container.NextItem = container.ReservedItems = Math.Max(container.ReservedItems, last.Item);
            context.Session.SaveItemCounter(container, container.ReservedItems);
            foreach (var partition in container.Partitions.Where(partition => partition.Lsn < last.Lsn))
            {
                partition.PendingLsn = last.Lsn;
                context.Touched(container, partition);
                context.LsnWithoutItem(container, partition);
            }
        }
        return epoch;
    }
}

/// <summary>The last numbers a region has given in a container: of a log sequence in any of its partitions, and of an item.</summary>
internal readonly record struct LastNumbers(long Lsn, ulong Item)
{
    public static Dictionary<int, LastNumbers> Of(Catalogue catalogue) => catalogue.Containers.ToDictionary(
        container => container.Number,
        container => new LastNumbers(container.Partitions.Max(partition => partition.Lsn), container.ReservedItems));
}
