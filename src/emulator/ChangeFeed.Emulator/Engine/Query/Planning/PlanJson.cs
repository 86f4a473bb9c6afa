using System.Text.Json;

namespace ChangeFeed.Emulator.Engine.Query.Planning;

internal static class PlanJson
{
    public static byte[] Write(PlanInfo info, PlanRanges ranges)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("partitionedQueryExecutionInfoVersion", 2);
            writer.WriteStartObject("queryInfo");
            Write(writer, info);
            writer.WriteEndObject();
            writer.WriteStartArray("queryRanges");
            foreach (var range in ranges.Ranges)
            {
                writer.WriteStartObject();
                writer.WriteString("min", range.Min);
                writer.WriteString("max", range.Max);
                writer.WriteBoolean("isMinInclusive", true);
                writer.WriteBoolean("isMaxInclusive", range.IsMaxInclusive);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, PlanInfo info)
    {
        writer.WriteString("distinctType", info.DistinctType.ToString());
        Number(writer, "top", info.Top);
        Number(writer, "offset", info.Offset);
        Number(writer, "limit", info.Limit);
        Strings(writer, "orderBy", info.OrderBy);
        Strings(writer, "orderByExpressions", info.OrderByExpressions);
        Strings(writer, "groupByExpressions", info.GroupByExpressions);
        Strings(writer, "groupByAliases", info.GroupByAliases.Select(alias => alias.Key));
        Strings(writer, "aggregates", info.Aggregates);
        writer.WriteStartObject("groupByAliasToAggregateType");
        foreach (var (alias, aggregate) in info.GroupByAliases)
            writer.WriteString(alias, aggregate);
        writer.WriteEndObject();
        writer.WriteString("rewrittenQuery", info.RewrittenQuery);
        writer.WriteBoolean("hasSelectValue", info.HasSelectValue);
        writer.WriteBoolean("hasNonStreamingOrderBy", false);
        if (info.DistinctCountAlias is not { } distinctCount)
            return;
        writer.WriteStartObject("dCountInfo");
        writer.WriteString("dCountAlias", distinctCount);
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is not null)
            writer.WriteNumber(name, value.Value);
    }

    private static void Strings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
