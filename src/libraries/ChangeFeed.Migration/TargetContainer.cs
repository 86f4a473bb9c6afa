using System.Net;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Copy;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration;

/// <summary>Makes the container documents are moved to, like the one they come from, or makes sure that it will do.</summary>
internal static class TargetContainer
{
    public static async Task PrepareAsync(AccountClients accounts, MigrationRequest request, CancellationToken cancellationToken)
    {
        ContainerProperties source = await accounts.Container(request.From).ReadContainerAsync(cancellationToken: cancellationToken);
        var paths = request.PartitionKey.Count > 0 ? request.PartitionKey : source.PartitionKeyPaths;
        try
        {
            ContainerProperties there = await accounts.Container(request.To).ReadContainerAsync(cancellationToken: cancellationToken);
            await CheckAsync(accounts, request, there, paths, cancellationToken);
        }
        catch (CosmosException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            Database database = await accounts.Client(request.To).CreateDatabaseIfNotExistsAsync(request.To.Database, cancellationToken: cancellationToken);
            await database.CreateContainerAsync(Like(source, request.To.Container, paths), request.Throughput, cancellationToken: cancellationToken);
        }
    }

    private static async Task CheckAsync(
        AccountClients accounts, MigrationRequest request, ContainerProperties there, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (!there.PartitionKeyPaths.SequenceEqual(paths))
            throw new MigrationException($"{request.To} has the partition key {string.Join(",", there.PartitionKeyPaths)}, not {string.Join(",", paths)}.");
        if (there.DefaultTimeToLive is null)
            throw new MigrationException($"{request.To} has no time to live: set its default to -1, so that marks of deletes go by themselves.");
        var counts = await accounts.Container(request.To).QueryAsync(
            new QueryDefinition("SELECT VALUE COUNT(1) FROM c"), count => count.GetInt64(), cancellationToken: cancellationToken);
        if (counts.Sum() > 0)
            throw new MigrationException($"{request.To} has {counts.Sum()} documents: it must be empty, or another one.");
    }

    private static ContainerProperties Like(ContainerProperties source, string name, IReadOnlyList<string> paths)
    {
        var policy = source.IndexingPolicy;
        // Of what a carried document says of itself only the mark of a delete is asked for; the rest would cost units with each write.
        if (policy.IndexingMode != IndexingMode.None)
        {
            policy.ExcludedPaths.Add(new ExcludedPath { Path = $"/{DocumentStamp.Property}/*" });
            policy.IncludedPaths.Add(new IncludedPath { Path = $"/{DocumentStamp.Property}/deleted/?" });
        }

        var properties = new ContainerProperties
        {
            Id = name,
            PartitionKeyPaths = paths,
            PartitionKeyDefinitionVersion = PartitionKeyDefinitionVersion.V2,
            DefaultTimeToLive = source.DefaultTimeToLive ?? -1,
            IndexingPolicy = policy,
            ChangeFeedPolicy = source.ChangeFeedPolicy,
        };
        foreach (var key in source.UniqueKeyPolicy.UniqueKeys)
            properties.UniqueKeyPolicy.UniqueKeys.Add(key);
        return properties;
    }
}
