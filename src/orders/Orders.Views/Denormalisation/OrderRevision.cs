using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Views.Denormalisation;

/// <summary>Changes orders of a version of a view, each only from the state the change was made for.</summary>
internal sealed class OrderRevision(IViewContainer<OrderStatusDocument> view, IShowsNames<OrderStatusDocument> shows)
{
    private const int ParallelWrites = 16;

    /// <summary>Changes the orders that are to be changed.</summary>
    /// <param name="orders">The orders as they were read.</param>
    /// <param name="revise">The order as it is to be; the same one when nothing is to be changed. Pure, but for what it asks.</param>
    /// <param name="cancellationToken">Ends it between two orders.</param>
    /// <returns>How many were changed.</returns>
    /// <exception cref="IOException">Lost against other writers again and again; try again.</exception>
    public async Task<int> ApplyAsync(
        IReadOnlyList<(OrderStatusDocument Order, string ETag)> orders,
        Func<OrderStatusDocument, CancellationToken, ValueTask<OrderStatusDocument>> revise,
        CancellationToken cancellationToken)
    {
        var changed = 0;
        await Parallel.ForEachAsync(
            orders,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancellationToken },
            async (standing, stop) =>
            {
                if (await ReviseAsync(standing, revise, stop))
                    Interlocked.Increment(ref changed);
            });
        return changed;
    }

    private async Task<bool> ReviseAsync(
        (OrderStatusDocument Order, string ETag) standing,
        Func<OrderStatusDocument, CancellationToken, ValueTask<OrderStatusDocument>> revise,
        CancellationToken cancellationToken)
    {
        var key = shows.KeyOf(standing.Order);
        for (var attempt = 1; attempt <= WriteAttempts.Most; attempt++)
        {
            var revised = await revise(standing.Order, cancellationToken);
            if (ReferenceEquals(revised, standing.Order))
                return false;
            if (await view.TryWriteAsync(key, revised, standing.ETag, cancellationToken) is not null)
                return true;
            if (await view.ReadAsync(key, cancellationToken) is not { } now)
                return false; // deleted
            standing = now;
        }

        throw new IOException($"Document '{key.Id}' of view '{shows.Name}' was changed by others {WriteAttempts.Most} times while it was to be given a name.");
    }
}
