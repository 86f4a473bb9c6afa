using System.Globalization;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Create, read, replace, list and delete of containers, and the list of a container's physical partitions.</summary>
internal sealed class ContainerEndpoints(EngineState state, int? defaultPartitions)
{
    private const int MaxBody = 256 * 1024;

    /// <summary>Request units per second a physical partition of a new container is made for.</summary>
    private const double UnitsPerPartition = 6000;

    /// <summary>The first version of the interface in which a container cannot be made without a partition key.</summary>
    private const string PartitionKeyVersion = "2018-12-31";

    public async Task CreateAsync(CosmosRequest request, string databaseName)
    {
        var definition = await DefinitionAsync(request, NeedsPartitionKey(request));
        var asked = OfferEndpoints.Asked(request);
        var container = await state.ChangeAsync(context =>
        {
            var database = state.Catalogue.Database(databaseName);
            var number = context.Session.NextNumber();
            // The throughput of its database is shared with others and says nothing of one container.
            var isShared = asked is null && state.Catalogue.OfferOf(database.RidText) is not null;
            var throughput = asked ?? (isShared ? null : (ProvisionedThroughput?)OfferEndpoints.Default);
            var count = definition.PartitionKey.IsSystem ? 1 : PartitionsAsked(request) ?? defaultPartitions ?? PartitionsFor(throughput);
            var partitions = EpkRange.Divide(count, definition.PartitionKey.Version).Select((range, i) => new Partition(i, range, [], 0));
            var created = new Container(database, number, (uint)number, definition, context.Now, Etag.New(), partitions, nextItem: 1);
            if (!context.Session.AddContainer(created, ContainerJson.Stored(definition)))
                throw CosmosErrorException.Conflict($"The container '{definition.Id}' exists already.");
            if (throughput is { } units && OfferEndpoints.Save(context, created.RidText, created.SelfPrefix, units) is var offer)
                context.OnCommit(() => state.Catalogue.Add(offer));
            context.OnCommit(() => database.Add(created));
            return created;
        });
        await AnswerAsync(request, 201, container);
    }

    private static int PartitionsFor(ProvisionedThroughput? throughput) =>
        throughput is { } provisioned
            ? Math.Clamp((int)Math.Ceiling(provisioned.Most / UnitsPerPartition), 1, EmulatorOptions.MaxPartitions)
            : 1;

    private static bool NeedsPartitionKey(CosmosRequest request) =>
        request.Header(Headers.Version) is not { } version || string.CompareOrdinal(version, PartitionKeyVersion) >= 0;

    private static int? PartitionsAsked(CosmosRequest request) => request.Header(Headers.Partitions) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= EmulatorOptions.MaxPartitions =>
            count,
        var text =>
            throw CosmosErrorException.BadRequest($"{Headers.Partitions} is '{text}'; it must be 1 to {EmulatorOptions.MaxPartitions}."),
    };

    public Task ReadAsync(CosmosRequest request, Container container) => AnswerAsync(request, 200, container);

    public Task ListAsync(CosmosRequest request, Database database) => request.WriteResourcesAsync(
        database.RidText, "DocumentCollections", database.Containers, container => $"{container.Number:D10}", ContainerJson.Write);

    public async Task ReplaceAsync(CosmosRequest request, Container container)
    {
        var definition = await DefinitionAsync(request, !container.Definition.PartitionKey.IsSystem);
        ContainerRules.CheckReplacement(container.Definition, definition);
        request.CheckIfMatch(container.Etag);
        await state.ChangeAsync(context =>
        {
            var etag = Etag.New();
            if (container.Definition.VersionRetention is null && definition.VersionRetention is not null)
                foreach (var partition in container.Partitions)
                    context.BeginVersions(container, partition, partition.Lsn);
            context.Session.SaveContainer(container, definition, ContainerJson.Stored(definition), context.Now, etag);
            context.OnCommit(() => container.Replace(definition, context.Now, etag));
            return container;
        });
        await AnswerAsync(request, 200, container);
    }

    public async Task DeleteAsync(CosmosRequest request, Container container)
    {
        request.CheckIfMatch(container.Etag);
        await state.ChangeAsync(context =>
        {
            if (container.IsDropped)
                throw CosmosErrorException.NotFound($"There is no container '{container.Id}'.");
            context.Session.RemoveContainer(container);
            var offer = state.Catalogue.OfferOf(container.RidText);
            if (offer is not null)
                context.Session.RemoveOffer(offer);
            context.OnCommit(() =>
            {
                if (offer is not null)
                    state.Catalogue.Remove(offer);
                container.Database.Remove(container);
                container.MarkDropped();
            });
            return container;
        });
        request.Http.Response.Charge(RequestCharge.Metadata);
        await request.Http.Response.WriteEmptyAsync(204);
    }

    public Task PartitionKeyRangesAsync(CosmosRequest request, Container container)
    {
        // The etag changes with the set of ranges; the client reads until it is told that nothing has changed.
        var partitions = container.Partitions;
        var etag = $"\"{string.Join('-', partitions.Select(partition => partition.Name))}\"";
        var response = request.Http.Response;
        response.Headers.ETag = etag;
        response.Charge(RequestCharge.Metadata);
        if (request.Header("If-None-Match") is { } known && Etag.Matches(known, etag))
        {
            response.Headers[Headers.ItemCount] = "0";
            return response.WriteEmptyAsync(304);
        }

        response.Headers[Headers.ItemCount] = partitions.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return response.WriteBytesAsync(200, JsonBody.Feed(container.RidText, "PartitionKeyRanges", partitions, (writer, partition) =>
        {
            var rid = ResourceId.PartitionKeyRange(container.RidBytes, partition.Id);
            writer.WriteStartObject();
            writer.WriteString("_rid", rid);
            writer.WriteString("id", partition.Name);
            writer.WriteString("_etag", container.Etag);
            writer.WriteString("minInclusive", partition.Range.MinHex);
            writer.WriteString("maxExclusive", partition.Range.MaxHex);
            writer.WriteNumber("ridPrefix", partition.Id);
            writer.WriteString("_self", $"{container.SelfPrefix}pkranges/{rid}/");
            writer.WriteNumber("throughputFraction", 1.0 / partitions.Length);
            writer.WriteString("status", "online");
            writer.WriteStartArray("parents");
            foreach (var parent in partition.Parents)
                writer.WriteStringValue(parent.ToString(System.Globalization.CultureInfo.InvariantCulture));
            writer.WriteEndArray();
            writer.WriteNumber("_ts", container.Timestamp);
            writer.WriteEndObject();
        }));
    }

    private static async Task<ContainerDefinition> DefinitionAsync(CosmosRequest request, bool needsPartitionKey)
    {
        using var body = JsonBody.Parse(await request.ReadBodyAsync(MaxBody));
        var definition = ContainerDefinition.Parse(body.RootElement, needsPartitionKey);
        ComputedProperties.Check(definition.ComputedProperties);
        return definition;
    }

    private Task AnswerAsync(CosmosRequest request, int status, Container container)
    {
        var response = request.Http.Response;
        response.ContentPath(container.Database.RidText, container.Database.AltPath);
        response.Headers[Headers.SharedThroughput] = state.Catalogue.OfferOf(container.RidText) is null ? "true" : "false";
        response.Headers[Headers.IndexProgress] = "100";
        if (request.Flag(Headers.PopulateQuota))
            response.Usage(state, container);
        return response.WriteResourceAsync(status, container.Etag, writer => ContainerJson.Write(writer, container));
    }
}
