using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Execution;
using ChangeFeed.Emulator.Engine.Query.Syntax;

namespace ChangeFeed.Emulator.Engine.Query.Planning;

/// <summary>Rewrites a query so that the answers of several partitions can be merged.</summary>
internal sealed class Rewriter(SelectQuery query, SelectPlan plan, ResultWindow window, bool hasPartitionKey, PlanInfo info)
{
    private const string Placeholder = "{documentdb-formattableorderbyquery-filter}";

    private string From => SqlText.FromClause(query.From);

    private string Where => query.Where is null ? "" : $" WHERE {SqlText.Of(query.Where)}";

    public void Rewrite()
    {
        if (TryDistinctCount())
            return;
        var distinct = query.Select.Distinct;
        info.DistinctType = distinct ? DistinctType.Unordered : DistinctType.None;
        if (plan.Group is { } group)
            RewriteGroups(group);
        else if (query.OrderBy.Count > 0)
            RewriteOrder();
        else if (distinct)
            info.RewrittenQuery = HasWindow
                ? SqlText.Of(query with { Select = query.Select with { Top = null }, Offset = null, Limit = null })
                : "";
        else if (query.Offset is not null && !hasPartitionKey)
            info.RewrittenQuery = SqlText.Of(query with { Offset = Count(0), Limit = Count(Most) });
        TakeWindow(plan.Group is not null || distinct || !hasPartitionKey);
    }

    /// <summary>How many rows of each partition can be wanted: LIMIT takes no greater number, and LINQ's Skip means all by it.</summary>
    private long Most => Math.Min(window.End, int.MaxValue);

    private bool HasWindow => query.Select.Top is not null || query.Offset is not null;

    private static Literal Count(long count) => new(0, Values.Value.Of(count));

    /// <summary>
    /// TOP and OFFSET LIMIT apply to the merged rows; with a given partition key the one partition applies OFFSET itself.
    /// </summary>
    private void TakeWindow(bool offset)
    {
        if (query.Select.Top is not null)
            info.Top = window.End;
        if (query.Offset is null || !offset)
            return;
        info.Offset = window.Skip;
        info.Limit = window.End - window.Skip;
    }

    /// <summary><c>SELECT COUNT(1) FROM (SELECT DISTINCT …)</c>: the client counts the distinct values of all partitions.</summary>
    private bool TryDistinctCount()
    {
        if (query is not
            {
                From: [{ Query: { Select.Distinct: true } inner, Iterate: false }],
                Where: null,
                GroupBy: [],
                OrderBy: [],
                Offset: null,
            })
            return false;
        if (query.Select is { Top: null, Value: { } value } && IsCountOfRows(value))
            info.DistinctCountAlias = "";
        else if (query.Select is { Top: null, List: [var only] } && IsCountOfRows(only.Value))
            info.DistinctCountAlias = only.Name;
        else
            return false;
        info.DistinctType = DistinctType.Unordered;
        info.RewrittenQuery = SqlText.Of(inner);
        return true;
    }

    private static bool IsCountOfRows(Expression expression) =>
        expression is FunctionCall { Arguments: [Literal { Value.IsUndefined: false }] } call
            && Aggregate.Find(call.Name) == AggregateKind.Count;

    private void RewriteOrder()
    {
        if (plan.From is [{ Subquery.NeedsAllRows: true }, ..])
            throw new QueryNotSupportedException(
                "ORDER BY over a subquery with DISTINCT or aggregates is not supported by this store for several partitions.");
        var select = query.Select;
        var rid = query.From[0] is { Path: Identifier, Iterate: false } ? $"{query.From[0].Alias}._rid" : "_DOCUMENT_RID() AS _rid";
        var payload = select.Value is { } value
            ? SqlText.Of(value)
            : select.IsStar ? query.From[0].Alias! : Object(select.List, item => SqlText.Of(item.Value));
        var top = select is { Top: { } count, Distinct: false } ? $"TOP {SqlText.Of(count)} " : "";
        var filter = query.Where is null ? $"({Placeholder})" : $"({SqlText.Of(query.Where)} AND ({Placeholder}))";
        if (select.Value is not null)
            filter = $"({filter} AND IS_DEFINED({payload}))";
        var offset = query.Offset is null || select.Distinct ? ""
            : hasPartitionKey ? $" OFFSET {window.Skip} LIMIT {window.End - window.Skip}"
            : $" OFFSET 0 LIMIT {Most}";
        foreach (var item in query.OrderBy)
        {
            info.OrderBy.Add(item.Descending ? "Descending" : "Ascending");
            info.OrderByExpressions.Add(SqlText.Of(item.Value));
        }
        if (select.Distinct && select.Value is not null && info.OrderByExpressions is [var only] && only == payload)
            info.DistinctType = DistinctType.Ordered;
        info.RewrittenQuery = $"SELECT {top}{rid}, {Items(info.OrderByExpressions)} AS orderByItems, {payload} AS payload"
            + $"{From} WHERE {filter}{SqlText.OrderByClause(query.OrderBy)}{offset}";
    }

    private void RewriteGroups(GroupPlan group)
    {
        // Clients drop equal partial rows before they merge groups, so that a group would lose rows.
        if (query.Select.Distinct && group.Keys.Length > 0)
            throw new QueryException("DISTINCT together with GROUP BY needs a query over one partition key.");
        info.DistinctType = DistinctType.None;
        info.GroupByExpressions.AddRange(query.GroupBy.Select(SqlText.Of));
        var groups = query.GroupBy.Count == 0 ? "" : $"{Items(info.GroupByExpressions)} AS groupByItems, ";
        var groupBy = query.GroupBy.Count == 0 ? "" : $" GROUP BY {string.Join(", ", info.GroupByExpressions)}";
        // Each partition orders its groups; clients merge equal ones and keep the order in which they came.
        if (query.GroupBy.Count > 0 && query.OrderBy.Count > 0)
            groupBy += SqlText.OrderByClause(query.OrderBy);
        if (query.Select.Value is not { } value)
        {
            var payload = Object(query.Select.List, item =>
            {
                info.GroupByAliases.Add(new(item.Name, AggregateName(item.Value)));
                return Partial(item.Value);
            });
            info.RewrittenQuery = $"SELECT {groups}{payload} AS payload{From}{Where}{groupBy}";
            return;
        }

        var partial = Partial(value);
        if (AggregateName(value) is { } name)
        {
            info.Aggregates.Add(name);
            partial = $"[{partial}]";
        }
        info.RewrittenQuery = query.GroupBy.Count == 0
            ? $"SELECT VALUE {partial}{From}{Where}"
            : $"SELECT {groups}{partial} AS payload{From}{Where}{groupBy}";
    }

    private static string? AggregateName(Expression expression) =>
        expression is FunctionCall call ? Aggregate.Find(call.Name)?.ToString() : null;

    /// <summary>What a partition returns of an output: of an aggregate that from which the whole can be computed.</summary>
    private static string Partial(Expression expression)
    {
        if (!AggregateFinder.HasAggregate(expression))
            return SqlText.Of(expression);
        if (expression is not FunctionCall call || Aggregate.Find(call.Name) is not { } kind)
            throw new QueryException("Compositions of aggregates and other expressions are not allowed.");
        var argument = SqlText.Of(call.Arguments[0]);
        return kind switch
        {
            AggregateKind.Average => $$$"""{"item": {"sum": SUM({{{argument}}}), "count": COUNT({{{argument}}})}}""",
            AggregateKind.Min =>
                $$$"""{"item": MIN({{{argument}}}), "item2": {"min": MIN({{{argument}}}), "count": COUNT({{{argument}}})}}""",
            AggregateKind.Max =>
                $$$"""{"item": MAX({{{argument}}}), "item2": {"max": MAX({{{argument}}}), "count": COUNT({{{argument}}})}}""",
            _ => $$"""{"item": {{call.Name.ToUpperInvariant()}}({{argument}})}""",
        };
    }

    private static string Items(IEnumerable<string> expressions) =>
        $"[{string.Join(", ", expressions.Select(text => $$"""{"item": {{text}}}"""))}]";

    private static string Object(IEnumerable<SelectItem> items, Func<SelectItem, string> value) =>
        $"{{{string.Join(", ", items.Select(item => $"{SqlText.Quote(item.Name)}: {value(item)}"))}}}";
}
