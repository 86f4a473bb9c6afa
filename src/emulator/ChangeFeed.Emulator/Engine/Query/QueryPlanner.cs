using ChangeFeed.Emulator.Engine.Query.Execution;
using ChangeFeed.Emulator.Engine.Query.Planning;

namespace ChangeFeed.Emulator.Engine.Query;

/// <summary>Makes the query plans by which SDKs distribute a query over partitions and merge the answers.</summary>
internal static class QueryPlanner
{
    /// <summary>Plans a query.</summary>
    /// <param name="spec">The query.</param>
    /// <param name="target">The container's partition key.</param>
    /// <returns>UTF-8 JSON of the plan.</returns>
    /// <exception cref="QueryException">The query is wrong (400).</exception>
    /// <exception cref="QueryNotSupportedException">The query needs a feature that is not there (501).</exception>
    public static byte[] Plan(QuerySpec spec, QueryPlanTarget target)
    {
        var query = PreparedQuery.Parse(spec.Text);
        var frame = query.Compiled.NewFrame(spec, TimeProvider.System, CancellationToken.None);
        var window = ResultWindow.Of(query.Plan, frame);
        var ranges = RangeFinder.Find(query, spec, target);
        var info = new PlanInfo { HasSelectValue = query.Syntax.Select.Value is not null };
        var isDistinctInOrder = query.Syntax.Select.Distinct && query.Syntax.OrderBy.Count > 0;
        if (ranges.IsOnePartitionKey && !isDistinctInOrder)
            info.DistinctType = query.Syntax.Select.Distinct ? DistinctType.Unordered : DistinctType.None;
        else
            new Rewriter(query.Syntax, query.Plan, window, target.HasPartitionKey, info).Rewrite();
        return PlanJson.Write(info, ranges);
    }
}

/// <summary>What a plan must know of the container and the request.</summary>
/// <param name="PartitionKeyPaths">The paths of the partition key, for example <c>/tenant/id</c>; several for a hierarchical key.</param>
/// <param name="EffectivePartitionKey">
/// Makes the effective partition key (upper-case hex) of the JSON text of an array of values; for a hierarchical key the array
/// may hold only the first values, then the result is the prefix all matching keys begin with.
/// </param>
/// <param name="HasPartitionKey">The request names a partition key, so that it needs no merging.</param>
internal sealed record QueryPlanTarget(
    IReadOnlyList<string> PartitionKeyPaths, Func<string, string> EffectivePartitionKey, bool HasPartitionKey = false);
