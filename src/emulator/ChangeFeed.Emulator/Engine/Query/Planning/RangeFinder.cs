using ChangeFeed.Emulator.Engine.Query.Execution;
using ChangeFeed.Emulator.Engine.Query.Syntax;

namespace ChangeFeed.Emulator.Engine.Query.Planning;

/// <summary>Finds which partition keys a query can concern: equality and IN on the key's paths, combined by AND and OR.</summary>
internal static class RangeFinder
{
    /// <summary>Beyond so many keys the whole container is asked.</summary>
    private const int MaxKeys = 1000;

    public static PlanRanges Find(PreparedQuery query, QuerySpec spec, QueryPlanTarget target)
    {
        if (!query.Plan.ReadsContainer)
            return new PlanRanges([PlanRange.Empty], true);
        var (keys, complete) = Keys(query.Syntax, spec, target.PartitionKeyPaths);
        if (keys is null)
            return new PlanRanges([PlanRange.Full], false);
        if (keys.Count == 0)
            return new PlanRanges([PlanRange.Empty], true);
        var ranges = keys.Select(target.EffectivePartitionKey).Distinct().Order(StringComparer.Ordinal)
            .Select(epk => complete ? new PlanRange(epk, epk, true) : new PlanRange(epk, epk + "FF", false));
        return new PlanRanges([.. ranges], complete && keys.Count == 1);
    }

    /// <summary>Complete keys or, of a hierarchical key, prefixes; null when the condition does not restrict the first path.</summary>
    private static (List<string>? Keys, bool Complete) Keys(SelectQuery query, QuerySpec spec, IReadOnlyList<string> paths)
    {
        var source = query;
        while (source.From is [{ Query: { } inner, Iterate: false }] && source.Where is null)
            source = inner;
        if (source.Where is null || paths.Count == 0 || source.From is not [{ Path: Identifier, Iterate: false, Alias: { } alias }, ..])
            return (null, false);

        var keys = new List<string> { "" };
        for (var i = 0; i < paths.Count; i++)
        {
            var values = HintFinder.Values(source.Where, alias, HintFinder.PathOf(paths[i]), spec);
            if (values is null || values.Count * keys.Count > MaxKeys || HintFinder.KeyTexts(values) is not { } texts)
                return (i == 0 ? null : Arrays(keys), false);
            keys = HintFinder.Combine(keys, texts);
        }
        return (Arrays(keys), true);
    }

    private static List<string> Arrays(List<string> keys) => [.. keys.Select(key => $"[{key}]")];
}
