using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>A container of a migration, and what must be known of it to carry documents.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Container">Its client.</param>
/// <param name="Keys">Its partition key.</param>
/// <param name="DefaultTimeToLive">Seconds after which its documents expire; null where they do not, -1 where only those that say so.</param>
internal sealed record Side(ContainerLocation Location, Container Container, KeyPaths Keys, int? DefaultTimeToLive)
{
    public static async Task<Side> ReadAsync(AccountClients accounts, ContainerLocation location, CancellationToken cancellationToken)
    {
        var container = accounts.Container(location);
        ContainerProperties properties = await container.ReadContainerAsync(cancellationToken: cancellationToken);
        return new Side(location, container, new KeyPaths(properties.PartitionKeyPaths), properties.DefaultTimeToLive);
    }

    /// <summary>Whether the container shows all versions and deletes: asked, since an account may show them without a setting of the container.</summary>
    public static async Task<bool> HasVersionsAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            using var feed = container.GetChangeFeedStreamIterator(ChangeFeedStartFrom.Now(), ChangeFeedMode.AllVersionsAndDeletes);
            using var page = await feed.ReadNextAsync(cancellationToken);
            return page.StatusCode != HttpStatusCode.BadRequest;
        }
        catch (CosmosException e) when (e.StatusCode == HttpStatusCode.BadRequest)
        {
            return false;
        }
    }

    public Task<IReadOnlyList<FeedRange>> RangesAsync(CancellationToken cancellationToken) => Container.GetFeedRangesAsync(cancellationToken);
}
