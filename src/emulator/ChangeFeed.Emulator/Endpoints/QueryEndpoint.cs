using System.Runtime.CompilerServices;
using System.Globalization;
using System.Text.Json;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Feed;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Engine.Query.Sources;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Indexing;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Query plans, queries of items, and queries of databases, containers and offers.</summary>
internal sealed class QueryEndpoint(EngineState state, MissingIndexes missing, bool lenientIndexing)
{
    private const int MaxBody = 1024 * 1024;

    private readonly ConditionalWeakTable<ContainerDefinition, Parsed> _computed = [];

    /// <summary>What a definition says of computed properties, parsed once.</summary>
    private sealed record Parsed(ComputedProperties? Properties);

    private static Parsed ComputedOf(ContainerDefinition container) => new(ComputedProperties.Of(container));

    public async Task ItemsAsync(CosmosRequest request, Container container)
    {
        var spec = QuerySpec.Parse(await request.ReadBodyAsync(MaxBody));
        if (request.Flag(Headers.IsQueryPlan))
        {
            await PlanAsync(request, container, spec);
            return;
        }

        if (request.Header(Headers.ChangeFeed) is not null)
            throw CosmosErrorException.NotImplemented("queries over the change feed");
        var target = request.ReadTarget(container);
        var lsn = target.Partition.Lsn;
        request.CheckSession(target.Partition);
        var began = state.Time.GetTimestamp();
        var query = Request(request, spec, container.Definition);
        var page = state.Queries.Execute(query, new ItemQuerySource(state, target), request.Aborted);
        var response = request.Http.Response;
        var wantsMetrics = IndexMetrics.AreWanted(request);
        // What a query would use does not change from page to page.
        if (wantsMetrics || query.Continuation is null)
        {
            var indexes = state.Queries.IndexUseOf(query, container.Definition.Indexing);
            if (query.Continuation is null)
                foreach (var path in indexes.PotentialSingle)
                    missing.Add(container.RidText, $"{IndexPath.Text(path)}/?", spec.Text);
            if (wantsMetrics)
                response.Headers[Headers.IndexUtilization] = IndexMetrics.Of(indexes, request);
        }

        response.Session(target, lsn);
        // Without it the SDK throws the first page away and begins again.
        response.Headers[Headers.RequiresDistribution] = page.RequiresDistribution ? "True" : "False";
        await AnswerAsync(response, state.Time.GetElapsedTime(began), container.RidText, "Documents", page);
    }

    /// <summary>Queries resources that are not items.</summary>
    public async Task ResourcesAsync<T>(
        CosmosRequest request, string rid, string name, IEnumerable<T> resources, Action<Utf8JsonWriter, T> write)
    {
        var spec = QuerySpec.Parse(await request.ReadBodyAsync(MaxBody));
        var source = new ListQuerySource([.. resources.Select(resource => JsonBody.Write(writer => write(writer, resource)))]);
        var began = state.Time.GetTimestamp();
        var page = state.Queries.Execute(Request(request, spec, null), source, request.Aborted);
        await AnswerAsync(request.Http.Response, state.Time.GetElapsedTime(began), rid, name, page);
    }

    private async Task PlanAsync(CosmosRequest request, Container container, QuerySpec spec)
    {
        var definition = container.Definition.PartitionKey;
        var target = new QueryPlanTarget(
            Paths(definition),
            values => Convert.ToHexString(PartitionKey.Parse(values, definition).Effective),
            request.Header(Headers.PartitionKey) is not null);
        await request.Http.Response.WriteBytesAsync(200, QueryPlanner.Plan(spec, target));
    }

    private QueryRequest Request(CosmosRequest request, QuerySpec spec, ContainerDefinition? container) => new(spec)
    {
        Continuation = request.Header(Headers.Continuation),
        MaxItems = request.Header(Headers.MaxItemCount) is null ? 0 : request.MaxItemCount ?? -1,
        PartitionKeyPaths = container is null ? [] : Paths(container.PartitionKey),
        Indexing = lenientIndexing ? null : container?.Indexing,
        Computed = container is null ? null : _computed.GetValue(container, ComputedOf).Properties,
        AllowsScan = request.Flag(Headers.EnableScan),
    };

    private static string[] Paths(PartitionKeyDefinition definition) => [.. definition.Paths.Select(path => path.Text)];

    private static async Task AnswerAsync(HttpResponse response, TimeSpan took, string rid, string name, QueryPage result)
    {
        using var page = new FeedPage(rid, name);
        foreach (var document in result.Documents)
        {
            page.Next();
            page.Add(document.Span);
        }

        var output = page.Length;
        response.Charge(RequestCharge.Query(result.BytesScanned, page.Count));
        response.Headers[Headers.ItemCount] = page.Count.ToString(CultureInfo.InvariantCulture);
        response.Headers[Headers.QueryMetrics] = string.Create(
            CultureInfo.InvariantCulture,
            $"totalExecutionTimeInMs={took.TotalMilliseconds:0.00};queryCompileTimeInMs=0.00;queryLogicalPlanBuildTimeInMs=0.00;"
            + $"queryPhysicalPlanBuildTimeInMs=0.00;queryOptimizationTimeInMs=0.00;indexLookupTimeInMs=0.00;documentLoadTimeInMs=0.00;"
            + $"VMExecutionTimeInMs={took.TotalMilliseconds:0.00};writeOutputTimeInMs=0.00;indexUtilizationRatio=0.00;"
            + $"retrievedDocumentCount={result.RowsScanned};retrievedDocumentSize={result.BytesScanned};"
            + $"outputDocumentCount={page.Count};outputDocumentSize={output}");
        if (result.Continuation is { } continuation)
            response.Headers[Headers.Continuation] = continuation;
        await response.WriteBytesAsync(200, page.Finish());
    }
}
