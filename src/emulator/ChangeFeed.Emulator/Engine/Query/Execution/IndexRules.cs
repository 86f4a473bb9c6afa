using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Model.Indexing;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>Refuses a query the service could not serve for want of an index. Here it would be served, and then fail in production.</summary>
internal static class IndexRules
{
    /// <exception cref="QueryException">An index is missing (400).</exception>
    public static void Check(SelectPlan plan, IndexingPolicy policy, QueryRequest request)
    {
        if (!plan.ReadsContainer)
            return;
        var order = plan.IndexedOrder;
        if (order.Count > 1 && !policy.HasComposite(order))
            throw new QueryException("The order by query does not have a corresponding composite index that it can be served from.");
        if (order is [var only] && only.Names.Length > 0 && !IsIndexed(policy, only.Names, request.Computed))
            throw new QueryException("The index path corresponding to the specified order-by item is excluded.");
        if (policy.IsOff && plan.Where is not null && !request.AllowsScan)
            throw new QueryException(
                "An invalid query has been specified with filters against path(s) excluded from indexing. "
                + "Consider adding allow scan header in the request.");
    }

    private static bool IsIndexed(IndexingPolicy policy, string[] path, ComputedProperties? computed) =>
        computed?.Find(path[0]) is null ? policy.Covers(path) : policy.Names(path);
}
