using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Query.Sources;

/// <summary>
/// An index on ids alone, made when the first query asks for an id without the partition key:
/// containers that are never asked so do not pay for it with every write.
/// </summary>
internal static class IdIndex
{
    public static void Ensure(Committer committer, Container container)
    {
        if (container.HasIdIndex)
            return;
        committer.RunAsync(context =>
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
