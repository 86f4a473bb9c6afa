using System.Text.Json;
using System.Text.RegularExpressions;
using OrderPipeline.Emulator.Feed;
using OrderPipeline.Emulator.Items;
using OrderPipeline.Emulator.Resources;
using OrderPipeline.Emulator.Storage;

namespace OrderPipeline.Emulator.Http;

sealed partial class StandInQueries(EmulatorState state)
{
    public async Task Execute(CosmosRequest request, Container container)
    {
        using var body = JsonBody.Parse(await request.ReadBodyAsync(1024 * 1024));
        var text = body.RootElement.GetProperty("query").GetString()!;
        var match = Prefix().Match(text);
        if (!match.Success)
            throw CosmosError.NotImplemented($"the query '{text}'");
        if (request.Flag(Headers.IsQueryPlan))
        {
            await request.Http.Response.Bytes(200, """{"partitionedQueryExecutionInfoVersion":2,"queryInfo":{"distinctType":"None","orderBy":[],"orderByExpressions":[],"groupByExpressions":[],"groupByAliases":[],"aggregates":[],"groupByAliasToAggregateType":{},"rewrittenQuery":"","hasSelectValue":false,"hasNonStreamingOrderBy":false},"queryRanges":[{"min":"","max":"FF","isMinInclusive":true,"isMaxInclusive":false}]}"""u8.ToArray());
            return;
        }

        var target = RequestTarget.From(request, container);
        var prefix = match.Groups[1].Value.Replace("\\\"", "\"");
        using var page = new FeedPage(container.RidText);
        using var session = state.Store.Read();
        session.Pin();
        foreach (var item in session.Scan(container, target.Scan))
        {
            if (item.IsExpired(container.Definition, state.Now) || !item.Id.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            page.Next();
            page.Add(item.Body);
        }
        request.Http.Response.Session(target.Partition, target.Partition.Lsn);
        request.Http.Response.Charge(RequestCharge.Query(page.Length, page.Count));
        request.Http.Response.Headers[Headers.ItemCount] = page.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await request.Http.Response.Bytes(200, page.Finish());
    }

    [GeneratedRegex(@"^\s*SELECT \* FROM \w+(?: WHERE STARTSWITH\(c\.id, '(.*)'\))?\s*$")]
    private static partial Regex Prefix();
}

sealed class NoConditions : IPatchConditions
{
    public bool Holds(string condition, ReadOnlyMemory<byte> item) => throw CosmosError.NotImplemented("patch conditions");
}
