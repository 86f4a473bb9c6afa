using ChangeFeed.Emulator.Resources;

namespace ChangeFeed.Emulator.Queries;

/// <summary>
/// An index on ids alone, made when the first query asks for an id without the partition key:
/// containers that are never asked so do not pay for it with every write.
/// </summary>
static class IdIndex
{
    public static void Ensure(EmulatorState state, Container container)
    {
        if (container.HasIdIndex)
            return;
        state.Committer.Run(context =>
        {
            if (!container.HasIdIndex && !container.IsDropped)
            {
                context.Session.AddIdIndex(container);
                context.OnCommit(() => container.HasIdIndex = true);
            }
            return true;
        }).GetAwaiter().GetResult();
    }
}
