using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Directed;
using ChangeFeed.Migration.Fencing;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Support;

/// <summary>A container, a migration of it that runs, and a process that follows its directory.</summary>
public sealed class DirectedBaskets : IAsyncDisposable
{
    private readonly AccountClients _clients;
    private readonly EpochMember _member;
    private readonly Background _run;

    private DirectedBaskets(TwoStores stores, string name, MigrationRequest request, Func<string, RequestHandler>[] handlers)
    {
        Name = name;
        Migration = stores.Migration(name);
        _clients = stores.Connect(handlers);
        _member = new EpochMember(_clients.Container(TwoStores.Old("migrations")), name, _clients, TimeProvider.System, TwoStores.Epochs);
        Directed = TwoStores.Directed(name, _member, _clients, request.PartitionKey is [.., var last] ? last : "/customer");
        _run = new Background(stop => Migration.RunAsync(cancellationToken: stop));
    }

    public string Name { get; }

    public ContainerMigration Migration { get; }

    public DirectedContainer Directed { get; }

    public Container Container => Directed.Container;

    /// <summary>The embedded store of <see cref="TwoStores"/>, another key and another account.</summary>
    public static async Task<DirectedBaskets> StartAsync(
        TwoStores stores, Func<string, MigrationRequest>? request = null, Action<ContainerProperties>? change = null,
        params Func<string, RequestHandler>[] handlers)
    {
        var name = await stores.NewContainerAsync(change);
        var asked = (request ?? TwoStores.ToTenants)(name);
        await stores.Migration(name).PlanAsync(asked, TwoStores.Stop);
        return new DirectedBaskets(stores, name, asked, handlers);
    }

    /// <summary>Lets the other side serve.</summary>
    public async Task SwitchAsync(bool forward = true)
    {
        await Eventually.UntilAsync(async () => (await Migration.StatusAsync(TwoStores.Stop)).IsCurrent, "everything is carried");
        _ = forward ? await Migration.CutoverAsync(cancellationToken: TwoStores.Stop) : await Migration.RollbackAsync(cancellationToken: TwoStores.Stop);
    }

    public static MemoryStream Body(string customer, string id, int items = 1) => new(JsonSerializer.SerializeToUtf8Bytes(new { id, customer, items }));

    public async Task PutAsync(string customer, string id, int items = 1)
    {
        using var response = await Container.UpsertItemStreamAsync(Body(customer, id, items), new PartitionKey(customer), cancellationToken: TwoStores.Stop);
        response.EnsureSuccessStatusCode();
    }

    public async Task<List<string>> IdsAsync(QueryRequestOptions? options = null) =>
        await Container.QueryAsync(new QueryDefinition("SELECT VALUE c.id FROM c"), id => id.GetString()!, options, TwoStores.Stop);

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        await _member.DisposeAsync();
        _clients.Dispose();
    }
}
