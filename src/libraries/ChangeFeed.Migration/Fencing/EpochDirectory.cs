using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Plan;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Fencing;

/// <summary>
/// The directory entry of one container, and its members. All are one logical partition, so that a member's entry and what it is told are one
/// transaction: whoever changes the directory afterwards sees that member, and whoever comes later is told of the change.
/// </summary>
/// <param name="documents">Where they are; partition key <c>/migration</c>.</param>
/// <param name="name">Name of the entry.</param>
internal sealed class EpochDirectory(Container documents, string name)
{
    public string Name => name;

    public Container Documents => documents;

    private PartitionKey Partition => new(name);

    public Task<(DirectoryEntry Document, string ETag)?> FindAsync(CancellationToken cancellationToken) =>
        documents.FindAsync(DirectoryEntry.Document, name, MigrationJson.Default.DirectoryEntry, cancellationToken);

    /// <exception cref="MigrationException">There is none.</exception>
    public async Task<(DirectoryEntry Entry, string ETag)> ReadAsync(CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) ?? throw Missing();

    public Task<string?> TrySetAsync(DirectoryEntry entry, string? etag, CancellationToken cancellationToken) =>
        documents.TryWriteAsync(entry.Id, name, entry, etag, MigrationJson.Default.DirectoryEntry, cancellationToken);

    /// <summary>Shows a member, and reads the entry, in one transaction.</summary>
    /// <exception cref="MigrationException">There is no entry.</exception>
    /// <exception cref="CosmosException">The store refused.</exception>
    public async Task<DirectoryEntry> ShowAsync(Member member, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(member, MigrationJson.Default.Member), writable: false);
        using var result = await documents.CreateTransactionalBatch(Partition)
            .UpsertItemStream(body, new TransactionalBatchItemRequestOptions { EnableContentResponseOnWrite = false })
            .ReadItem(DirectoryEntry.Document)
            .ExecuteAsync(cancellationToken);
        if (result.StatusCode == HttpStatusCode.NotFound)
            throw Missing();
        if (!result.IsSuccessStatusCode)
            throw new CosmosException(result.ErrorMessage, result.StatusCode, 0, result.ActivityId, result.RequestCharge);
        var entry = await JsonSerializer.DeserializeAsync(result[1].ResourceStream, MigrationJson.Default.DirectoryEntry, cancellationToken);
        return entry ?? throw new JsonException($"Directory entry '{name}' is null.");
    }

    /// <summary>The members as they showed themselves last. Reads behind the writes of this client: those that were told of an older entry are there.</summary>
    public Task<List<Member>> MembersAsync(CancellationToken cancellationToken) => documents.QueryAsync(
        new QueryDefinition("SELECT * FROM c WHERE STARTSWITH(c.id, @prefix)").WithParameter("@prefix", Member.Prefix),
        document => document.Deserialize(MigrationJson.Default.Member)!,
        new QueryRequestOptions { PartitionKey = Partition },
        cancellationToken);

    public async Task LeaveAsync(string id, CancellationToken cancellationToken) =>
        (await documents.DeleteItemStreamAsync(id, Partition, cancellationToken: cancellationToken)).Dispose();

    /// <summary>Opens the next epoch and begins the next generation of the migration: both or neither.</summary>
    /// <returns>False when the directory or the plan was changed by somebody else.</returns>
    public async Task<bool> TryOpenAsync(
        DirectoryEntry entry, string etag, MigrationPlan plan, string planETag, CancellationToken cancellationToken)
    {
        using var directoryBody = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(entry, MigrationJson.Default.DirectoryEntry), writable: false);
        using var planBody = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(plan, MigrationJson.Default.MigrationPlan), writable: false);
        using var result = await documents.CreateTransactionalBatch(Partition)
            .ReplaceItemStream(entry.Id, directoryBody, new() { IfMatchEtag = etag, EnableContentResponseOnWrite = false })
            .ReplaceItemStream(plan.Id, planBody, new() { IfMatchEtag = planETag, EnableContentResponseOnWrite = false })
            .ExecuteAsync(cancellationToken);
        if (result.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
            return false;
        return result.IsSuccessStatusCode
            ? true
            : throw new CosmosException(result.ErrorMessage, result.StatusCode, 0, result.ActivityId, result.RequestCharge);
    }

    private MigrationException Missing() => new(
        $"There is no directory entry '{name}' in container {documents.Id}; 'plan' makes it, with the container that serves now.");
}
