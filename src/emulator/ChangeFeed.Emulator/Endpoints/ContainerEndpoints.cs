using System.Globalization;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Create, read, replace, list and delete of containers, and the list of a container's physical partitions.</summary>
sealed class ContainerEndpoints(EngineState state, int defaultPartitions)
{
    const int MaxBody = 256 * 1024;

    public async Task Create(CosmosRequest request, string databaseName)
    {
        var definition = await Definition(request);
        var throughput = OfferEndpoints.Asked(request);
        var count = PartitionsAsked(request) ?? defaultPartitions;
        var container = await state.Committer.Run(context =>
        {
            var database = state.Catalogue.Database(databaseName);
            var number = context.Session.NextNumber();
            var partitions = EpkRange.Divide(count).Select((range, i) => new Partition(i, range, [], 0));
            var created = new Container(database, number, (uint)number, definition, context.Now, Etag.New(), partitions, nextItem: 1);
            if (!context.Session.AddContainer(created, ContainerJson.Stored(definition)))
                throw CosmosErrorException.Conflict($"The container '{definition.Id}' exists already.");
            if (throughput is { } asked && OfferEndpoints.Save(context, created.RidText, created.SelfPrefix, asked) is var offer)
                context.OnCommit(() => state.Catalogue.Add(offer));
            context.OnCommit(() => database.Add(created));
            return created;
        });
        await Answer(request, 201, container);
    }

    static int? PartitionsAsked(CosmosRequest request) => request.Header(Headers.Partitions) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= EmulatorOptions.MaxPartitions => count,
        var text => throw CosmosErrorException.BadRequest($"{Headers.Partitions} is '{text}'; it must be 1 to {EmulatorOptions.MaxPartitions}."),
    };

    public Task Read(CosmosRequest request, Container container) => Answer(request, 200, container);

    public Task List(CosmosRequest request, Database database) =>
        request.Http.Response.Resources(database.RidText, "DocumentCollections", [.. database.Containers], ContainerJson.Write);

    public async Task Replace(CosmosRequest request, Container container)
    {
        var definition = await Definition(request);
        if (definition.Id != container.Id)
            throw CosmosErrorException.BadRequest($"The id of container '{container.Id}' cannot be changed to '{definition.Id}'.");
        if (!definition.PartitionKey.Paths.Select(path => path.Text).SequenceEqual(container.Definition.PartitionKey.Paths.Select(path => path.Text)))
            throw CosmosErrorException.BadRequest($"The partition key of container '{container.Id}' cannot be changed.");
        await state.Committer.Run(context =>
        {
            var etag = Etag.New();
            if (container.Definition.VersionRetention is null && definition.VersionRetention is not null)
                foreach (var partition in container.Partitions)
                    context.BeginVersions(container, partition, partition.Lsn);
            context.Session.SaveContainer(container, definition, ContainerJson.Stored(definition), context.Now, etag);
            context.OnCommit(() => container.Replace(definition, context.Now, etag));
            return container;
        });
        await Answer(request, 200, container);
    }

    public async Task Delete(CosmosRequest request, Container container)
    {
        await state.Committer.Run(context =>
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
        await request.Http.Response.Empty(204);
    }

    public Task PartitionKeyRanges(CosmosRequest request, Container container)
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
            return response.Empty(304);
        }

        response.Headers[Headers.ItemCount] = partitions.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return response.Bytes(200, JsonBody.Feed(container.RidText, "PartitionKeyRanges", partitions, (writer, partition) =>
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

    static async Task<ContainerDefinition> Definition(CosmosRequest request)
    {
        using var body = JsonBody.Parse(await request.ReadBodyAsync(MaxBody));
        return ContainerDefinition.Parse(body.RootElement);
    }

    static Task Answer(CosmosRequest request, int status, Container container) =>
        request.Http.Response.Resource(status, container.Etag, writer => ContainerJson.Write(writer, container));
}
