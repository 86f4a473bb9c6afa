using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Versions;

/// <summary>A database that holds views, and a container that says which versions of them there are.</summary>
/// <param name="database">The database.</param>
/// <param name="metadata">Name of the container for versions and the progress of rebuilds; its partition key is <c>/view</c>.</param>
public sealed class ViewDatabase(Database database, string metadata = "views")
{
    /// <summary>Which versions there are, and how far rebuilds are; partition key <c>/view</c>.</summary>
    public Container Metadata => database.GetContainer(metadata);

    /// <summary>A version of a view: the first has the view's name, later ones are made by rebuilding.</summary>
    public Container Version(string view, int version) => database.GetContainer(NameOf(view, version));

    /// <summary>Name of the container a version of a view is in.</summary>
    public static string NameOf(string view, int version) => version == 1 ? view : $"{view}-v{version}";

    /// <summary>Creates the container of a new version with the settings of one that is there already. Can be repeated.</summary>
    internal async Task CreateLikeAsync(string view, int version, int pattern, CancellationToken cancellationToken)
    {
        var properties = (await Version(view, pattern).ReadContainerAsync(cancellationToken: cancellationToken)).Resource;
        await database.CreateContainerIfNotExistsAsync(
            new ContainerProperties(NameOf(view, version), properties.PartitionKeyPath)
            {
                DefaultTimeToLive = properties.DefaultTimeToLive,
                IndexingPolicy = properties.IndexingPolicy,
                ChangeFeedPolicy = properties.ChangeFeedPolicy,
            },
            cancellationToken: cancellationToken);
    }
}
