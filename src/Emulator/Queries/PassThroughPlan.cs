using System.Text.RegularExpressions;

namespace OrderPipeline.Emulator.Queries;

/// <summary>The plan of queries whose per-partition results are simply put one after the other.</summary>
static partial class PassThroughPlan
{
    static readonly byte[] Plan =
        """{"partitionedQueryExecutionInfoVersion":2,"queryInfo":{"distinctType":"None","orderBy":[],"orderByExpressions":[],"groupByExpressions":[],"groupByAliases":[],"aggregates":[],"groupByAliasToAggregateType":{},"rewrittenQuery":"","hasSelectValue":false,"hasNonStreamingOrderBy":false},"queryRanges":[{"min":"","max":"FF","isMinInclusive":true,"isMaxInclusive":false}]}"""u8.ToArray();

    public static byte[]? For(string query) => Merging().IsMatch(query) || query.Contains("VALUE", StringComparison.OrdinalIgnoreCase) ? null : Plan;

    [GeneratedRegex(@"\b(ORDER|GROUP|DISTINCT|TOP|LIMIT|COUNT|SUM|AVG|MIN|MAX|COUNTIF)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Merging();
}
