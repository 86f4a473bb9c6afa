using System.Net;
using ChangeFeed.Emulator.Testing;
using Microsoft.Azure.Cosmos;

namespace Orders.Hosting.Tests;

public sealed class StoreCheckTests : IAsyncLifetime
{
    private static readonly ContainerDefinition[] Containers = [HostingContainers.Events, .. HostingContainers.Feed];

    private CosmosEmulator _cosmos = null!;
    private CosmosClient _client = null!;
    private Database _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cosmos = await CosmosEmulator.StartAsync();
        _client = _cosmos.CreateClient();
        _database = await _client.CreateDatabaseAsync("orders", cancellationToken: Stop);
        foreach (var container in Containers)
            await _database.CreateContainerAsync(
                new ContainerProperties(container.Name, container.PartitionKey) { DefaultTimeToLive = container.DefaultTtl }, cancellationToken: Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cosmos.DisposeAsync();
    }

    [Fact]
    public async Task A_store_that_has_everything_passes_however_many_look_at_once_and_nothing_is_left()
    {
        (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CheckAsync()))).ShouldAllBe(problem => problem == null);

        var cost = await _cosmos.MeasureAsync(async () => (await CheckAsync()).ShouldBeNull(), Stop);
        TestContext.Current.TestOutputHelper?.WriteLine($"a check of {Containers.Length} containers costs {cost} RU");
        cost.ShouldBeLessThan(150);
        foreach (var container in Containers)
            (await DocumentsAsync(container.Name)).ShouldBe(0, container.Name);
    }

    [Fact]
    public async Task A_container_that_was_made_otherwise_is_named_with_what_to_do()
    {
        (await MadeAsync(new ContainerProperties("leases", "/id")))
            .ShouldBe("Container 'leases' has no time to live of documents: switch it on, without a default (-1), or what must expire stays for ever.");
        (await MadeAsync(new ContainerProperties("leases", "/id") { DefaultTimeToLive = 60 }))
            .ShouldBe("Container 'leases' has a default time to live of 60 s: take it away (-1), or what the system still needs is deleted.");
        (await MadeAsync(new ContainerProperties("leases", "/pk") { DefaultTimeToLive = -1 })).ShouldStartWith("Container 'leases' has the partition key /pk");
        await MadeAsync(new ContainerProperties("leases", "/id") { DefaultTimeToLive = -1 });
        (await MadeAsync(new ContainerProperties("events", "/streamId") { DefaultTimeToLive = 3600 }))
            .ShouldBe("Container 'events' deletes its documents after 3600 s, and they must stay: switch its time to live off.");
        (await MadeAsync(new ContainerProperties("events", "/streamId") { DefaultTimeToLive = -1 })).ShouldBeNull();
    }

    [Theory]
    [InlineData("GET", "/colls/leases", "read the settings of", "leases")]
    [InlineData("GET", "/colls/events/docs", "read from", "events")]
    [InlineData("POST", "/colls/dead-letters/docs", "query", "dead-letters")]
    [InlineData("DELETE", "/colls/events/docs", "write to", "events")]
    public async Task What_the_service_may_not_do_is_named(string method, string path, string what, string container)
    {
        await _cosmos.InjectFaultAsync(new RequestFault { Status = HttpStatusCode.Forbidden, Method = new HttpMethod(method), Path = path }, Stop);

        (await CheckAsync()).ShouldBe(
            $"The service may not {what} container '{container}' (403): a key must not be a read-only one, and an identity needs the role "
            + "Cosmos DB Built-in Data Contributor on the database.");
    }

    [Theory]
    [InlineData("batch", "The store does not do a batch as a whole")]
    [InlineData("id", "The store takes a second document with the same id")]
    [InlineData("if-match", "The store does not heed If-Match")]
    [InlineData("feed", "The change feed has the changes of a partition as 1, 3, 2 that were made as 2, 3, 1")]
    public async Task What_the_store_does_otherwise_is_named(string what, string problem)
    {
        using var client = _cosmos.CreateClient(options => options.CustomHandlers.Add(new OtherStore(what)));

        (await new StoreCheck(client.GetDatabase("orders"), Containers).FindProblemAsync(Stop)).ShouldNotBeNull().ShouldStartWith(problem);
        (await DocumentsAsync("controls")).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_check_leaves_that_was_ended_in_the_middle_expires()
    {
        using var client = _cosmos.CreateClient(options => options.CustomHandlers.Add(new OtherStore("killed")));

        await Should.ThrowAsync<HttpRequestException>(
            () => new StoreCheck(client.GetDatabase("orders"), Containers).FindProblemAsync(Stop));
        (await DocumentsAsync("controls")).ShouldBe(3);
        _cosmos.Advance(TimeSpan.FromSeconds(61));
        (await DocumentsAsync("controls")).ShouldBe(0);
    }

    private async Task<string?> MadeAsync(ContainerProperties properties)
    {
        await _database.GetContainer(properties.Id).DeleteContainerAsync(cancellationToken: Stop);
        await _database.CreateContainerAsync(properties, cancellationToken: Stop);
        using var client = _cosmos.CreateClient(); // one that has not seen the container before
        return await new StoreCheck(client.GetDatabase("orders"), Containers).FindProblemAsync(Stop);
    }

    private Task<string?> CheckAsync() => new StoreCheck(_database, Containers).FindProblemAsync(Stop);

    private async Task<int> DocumentsAsync(string container)
    {
        using var query = _database.GetContainer(container).GetItemQueryIterator<int>("SELECT VALUE COUNT(1) FROM c");
        return (await query.ReadNextAsync(Stop)).Single();
    }
}
