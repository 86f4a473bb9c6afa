using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;
using Orders.Hosting;

namespace Orders.Views.Erasure;

/// <summary>Finds the orders of customers among all events.</summary>
/// <param name="customers">The customers.</param>
/// <param name="cancellationToken">Ends the search.</param>
/// <returns>Each order with its customer.</returns>
public delegate Task<IReadOnlyList<(string Customer, string Order)>> FindOrders(IReadOnlyList<string> customers, CancellationToken cancellationToken);

/// <summary>
/// Finds the orders of a customer among the events themselves, in every partition, because no view is ever ahead of them. That is dear, so
/// one search runs at a time and serves everybody who waits for the next: however many customers are erased, the searches do not become more.
/// </summary>
public sealed class CustomerOrderScan(FindOrders find)
{
    /// <summary>Customers of one search.</summary>
    public const int MaxCustomers = 500;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = [];
    private bool _isSearching;

    /// <summary>The orders of a customer that are there now.</summary>
    public Task<IReadOnlyList<string>> FindAsync(string customer, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(customer, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            if (!_isSearching)
            {
                _isSearching = true;
                _ = Task.Run(SearchAsync, CancellationToken.None);
            }
        }

        return waiting.Found.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Asks the store.</summary>
    public static FindOrders In(OrdersDatabase database) => async (customers, cancellationToken) =>
    {
        var query = new QueryDefinition(
            "SELECT c.streamId, c.data.customerId FROM c WHERE c.version = 0 AND ARRAY_CONTAINS(@customers, c.data.customerId)")
                .WithParameter("@customers", customers);
        return await database.Events.QueryAsync(
            query, e => (e.GetProperty("customerId"u8).GetString()!, e.GetProperty("streamId"u8).GetString()!), cancellationToken: cancellationToken);
    };

    private async Task SearchAsync()
    {
        while (Next() is { Count: > 0 } some)
        {
            try
            {
                var found = await find([.. some.Select(w => w.Customer).Distinct()], CancellationToken.None);
                var orders = found.ToLookup(f => f.Customer, f => f.Order);
                foreach (var waiting in some)
                    waiting.Found.TrySetResult([.. orders[waiting.Customer]]);
            }
            catch (Exception e)
            {
                // Each of them tries again by itself.
                foreach (var waiting in some)
                    waiting.Found.TrySetException(e);
            }
        }
    }

    private List<Waiting> Next()
    {
        lock (_lock)
        {
            var some = new List<Waiting>();
            while (some.Count < MaxCustomers && _waiting.TryDequeue(out var waiting))
                some.Add(waiting);
            _isSearching = some.Count > 0;
            return some;
        }
    }

    private sealed record Waiting(string Customer, TaskCompletionSource<IReadOnlyList<string>> Found);
}
