using System.Text;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>The processors of one process look for leases together, and each finds its own, all of them.</summary>
public sealed class SharedLeaseQueriesTests(Store store) : IDisposable
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromMinutes(5);

    private readonly List<CosmosClient> _clients = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Fact]
    public async Task Two_that_look_are_one_query_and_each_finds_its_own()
    {
        var (leases, queries) = await CreateAsync(small: true);
        await PutAsync(leases, "tax:h..0", owner: null);
        await PutAsync(leases, "tax-audit:h..0", owner: null);
        await FindAsync(leases, "tax:h..");
        await FindAsync(leases, "tax-audit:h..");
        queries.Clear();

        (await FindAsync(leases, "tax:h..")).ShouldBe(["tax:h..0"]);
        (await FindAsync(leases, "tax-audit:h..")).ShouldBe(["tax-audit:h..0"]);

        queries.Sent.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Who_is_alone_asks_as_ever()
    {
        var (leases, queries) = await CreateAsync(small: true);
        await PutAsync(leases, "tax:h..0", owner: null);

        for (var i = 0; i < 3; i++)
            (await FindAsync(leases, "tax:h..")).ShouldBe(["tax:h..0"]);

        queries.Sent.ShouldBe(3);
    }

    [Theory]
    [InlineData("made")]
    [InlineData("taken")]
    [InlineData("given back")]
    [InlineData("deleted")]
    public async Task What_this_client_itself_did_is_not_missed(string change)
    {
        var (leases, _) = await CreateAsync(small: true);
        await PutAsync(leases, "a:h..0", owner: "me");
        await PutAsync(leases, "a:h..1", owner: null);
        await FindAsync(leases, "b:h..");
        (await FindAsync(leases, "a:h..")).ShouldBe(["a:h..0 me", "a:h..1"]);

        switch (change)
        {
            case "made":
                await PutAsync(leases, "a:h..2", owner: null);
                (await FindAsync(leases, "a:h..")).ShouldBe(["a:h..0 me", "a:h..1", "a:h..2"]);
                break;
            case "taken":
                await PutAsync(leases, "a:h..1", owner: "me");
                (await FindAsync(leases, "a:h..")).ShouldBe(["a:h..0 me", "a:h..1 me"]);
                break;
            case "given back":
                await PutAsync(leases, "a:h..0", owner: null);
                (await FindAsync(leases, "a:h..")).ShouldBe(["a:h..0", "a:h..1"]);
                break;
            default:
                using (await leases.DeleteItemStreamAsync("a:h..1", new PartitionKey("a:h..1"), cancellationToken: Cancel))
                    (await FindAsync(leases, "a:h..")).ShouldBe(["a:h..0 me"]);
                break;
        }
    }

    [Fact]
    public async Task A_renewal_makes_nobody_ask_again()
    {
        var (leases, queries) = await CreateAsync(small: true);
        await PutAsync(leases, "a:h..0", owner: "me");
        await FindAsync(leases, "b:h..");
        await FindAsync(leases, "a:h..");
        await PutAsync(leases, "a:h..0", owner: "me"); // it is known from here on whose it is
        await FindAsync(leases, "a:h..");
        queries.Clear();

        await PutAsync(leases, "a:h..0", owner: "me");
        await FindAsync(leases, "a:h..");

        queries.Sent.ShouldBe(0);
    }

    [Fact]
    public async Task What_another_client_did_is_seen_when_what_is_known_is_too_old()
    {
        var (leases, _) = await CreateAsync(small: true, maxAge: TimeSpan.FromMilliseconds(50));
        await PutAsync(leases, "a:h..0", owner: null);
        await FindAsync(leases, "b:h..");
        await FindAsync(leases, "a:h..");
        using var elsewhere = store.CreateSmallClient();
        await PutAsync(elsewhere.GetContainer(leases.Database.Id, leases.Id), "a:h..0", owner: "other");

        await Eventually.UntilAsync(async () => (await FindAsync(leases, "a:h..")).SequenceEqual(["a:h..0 other"]), "the other's lease");
    }

    [Fact]
    public async Task Where_leases_are_in_several_partitions_each_asks_for_itself_and_finds_all()
    {
        var (leases, _) = await CreateAsync(small: false);
        var (ofA, ofB) = (Ids("a"), Ids("b"));
        foreach (var id in ofA.Concat(ofB))
            await PutAsync(leases, id, owner: null);

        for (var i = 0; i < 2; i++)
        {
            (await FindAsync(leases, "a:h..")).ShouldBe(ofA, ignoreOrder: true);
            (await FindAsync(leases, "b:h..")).ShouldBe(ofB, ignoreOrder: true);
        }

        static List<string> Ids(string prefix) => [.. Enumerable.Range(0, 20).Select(n => $"{prefix}:h..{n}")];
    }

    [Fact]
    public async Task More_leases_than_a_page_has_are_found_all_the_same()
    {
        var (leases, _) = await CreateAsync(small: true);
        await Parallel.ForEachAsync(Enumerable.Range(0, 1100), Cancel, async (n, _) => await PutAsync(leases, $"a:h..{n}", owner: null));
        await PutAsync(leases, "b:h..0", owner: null);

        for (var i = 0; i < 2; i++)
        {
            (await FindAsync(leases, "b:h..")).ShouldBe(["b:h..0"]);
            (await FindAsync(leases, "a:h..")).Count.ShouldBe(1100);
        }
    }

    [Fact]
    public async Task A_store_that_refuses_is_told_to_the_one_who_asked_and_asked_again_by_the_next()
    {
        var (leases, queries) = await CreateAsync(small: true);
        await PutAsync(leases, "a:h..0", owner: null);
        await FindAsync(leases, "a:h..");
        await PutAsync(leases, "b:h..0", owner: null);
        queries.Refuses = true;
        await Should.ThrowAsync<CosmosException>(() => FindAsync(leases, "b:h.."));
        queries.Refuses = false;

        (await FindAsync(leases, "b:h..")).ShouldBe(["b:h..0"]);
    }

    private async Task<(Container Leases, CountedQueries Queries)> CreateAsync(bool small, TimeSpan? maxAge = null)
    {
        var container = small ? await store.CreateContainerAsync("/id", small: true) : await store.CreateContainerAsync("/id");
        var queries = new CountedQueries();
        RequestHandler[] handlers = [new SharedLeaseQueries(maxAge ?? LongAgo, TimeProvider.System), queries];
        var client = small ? store.CreateSmallClient(handlers) : store.CreateClient(handlers);
        _clients.Add(client);
        return (client.GetContainer(container.Database.Id, container.Id), queries);
    }

    /// <summary>Looks as the processor of the SDK does.</summary>
    private static async Task<List<string>> FindAsync(Container leases, string prefix)
    {
        var found = await leases.QueryAsync(
            new QueryDefinition($"SELECT * FROM c WHERE STARTSWITH(c.id, '{prefix}')"),
            lease => lease.GetProperty("id").GetString() + (lease.GetProperty("Owner").GetString() is { } owner ? $" {owner}" : ""),
            new QueryRequestOptions { MaxItemCount = 1000 }, Cancel);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static async Task PutAsync(Container leases, string id, string? owner)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","LeaseToken":"0","Owner":{{JsonSerializer.Serialize(owner)}}}"""));
        using var replaced = await leases.ReplaceItemStreamAsync(body, id, new PartitionKey(id), cancellationToken: Cancel);
        if (replaced.IsSuccessStatusCode)
            return;
        body.Position = 0;
        using var created = await leases.CreateItemStreamAsync(body, new PartitionKey(id), cancellationToken: Cancel);
        created.EnsureSuccessStatusCode();
    }

    /// <summary>Counts the queries that leave the client.</summary>
    private sealed class CountedQueries : RequestHandler
    {
        private int _sent;

        public int Sent => Volatile.Read(ref _sent);

        public bool Refuses { get; set; }

        public void Clear() => Volatile.Write(ref _sent, 0);

        public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.ContentType != "application/query+json" || request.Headers["x-ms-cosmos-is-query-plan-request"] is not null)
                return await base.SendAsync(request, cancellationToken);
            Interlocked.Increment(ref _sent);
            return Refuses
                ? new ResponseMessage(System.Net.HttpStatusCode.BadRequest, request, "refused")
                : await base.SendAsync(request, cancellationToken);
        }
    }
}
