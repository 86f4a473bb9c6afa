using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration;
using ChangeFeed.Migration.Fencing;
using Microsoft.Azure.Cosmos;
using Orders.Hosting;
using Orders.Hosting.Moving;

namespace Orders.Migrate;

/// <summary>The migrations a command is about.</summary>
/// <param name="accounts">The accounts.</param>
/// <param name="options">What was typed.</param>
internal sealed class Migrations(AccountClients accounts, CommandOptions options)
{
    private static readonly ContainerDefinition Definition = HostingContainers.Migrations;

    private readonly Transformations _transformations = new(new StreamTenants());

    private Container Documents => accounts.Container(Location);

    private ContainerLocation Location => ContainerLocation.Parse($"{options.Directory}/{Definition.Name}");

    public ContainerMigration Of(string name) => new(
        Documents, name, accounts, _transformations, TimeProvider.System, new EpochOptions { Validity = options.Validity });

    /// <summary>The one that was named.</summary>
    /// <exception cref="MigrationException">None was.</exception>
    public ContainerMigration Named() => options.Name != CommandOptions.All
        ? Of(options.Name)
        : throw new MigrationException($"'{options.Command}' needs the name of a migration; 'status' lists them.");

    /// <summary>The one that was named, or all there are.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) => options.Name != CommandOptions.All
        ? [options.Name]
        : await Documents.QueryAsync(
            new QueryDefinition("SELECT VALUE c.migration FROM c WHERE c.id = 'plan'"), name => name.GetString()!, cancellationToken: cancellationToken);

    /// <summary>What is to be planned: one container, or all of a database.</summary>
    public async Task<IReadOnlyList<(string Name, MigrationRequest Request)>> RequestsAsync(CancellationToken cancellationToken)
    {
        if (options is not { From: { } given, To: { } aim })
            throw new MigrationException("'plan' needs --from and --to, each account/database/container.");
        var (source, target) = (ContainerLocation.Parse(given), ContainerLocation.Parse(aim));
        await PrepareAsync(cancellationToken);
        if (source.Container != "*")
        {
            return options.Name != CommandOptions.All
                ? [(options.Name, Request(source, target))]
                : throw new MigrationException("'plan' needs a name: that of the directory entry readers and writers follow, such as events.");
        }

        using var containers = accounts.Container(source).Database.GetContainerQueryIterator<ContainerProperties>();
        var requests = new List<(string, MigrationRequest)>();
        while (containers.HasMoreResults)
        {
            foreach (var container in await containers.ReadNextAsync(cancellationToken))
            {
                if (container.Id != Definition.Name)
                    requests.Add((container.Id, Request(source with { Container = container.Id }, target with { Container = container.Id })));
            }
        }

        return requests;
    }

    private MigrationRequest Request(ContainerLocation from, ContainerLocation to) => new(from, to, options.Key)
    {
        Transformation = options.Transform,
        RequestUnits = options.RequestUnits,
        Throughput = options.Throughput,
    };

    private async Task PrepareAsync(CancellationToken cancellationToken) => await Documents.Database.CreateContainerIfNotExistsAsync(
        new ContainerProperties(Definition.Name, Definition.PartitionKey) { DefaultTimeToLive = Definition.DefaultTtl }, cancellationToken: cancellationToken);
}
