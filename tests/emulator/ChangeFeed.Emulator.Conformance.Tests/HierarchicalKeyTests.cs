using System.Net;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class HierarchicalKeyTests(Endpoint endpoint)
{
    private sealed record Visit(string id, string tenant, string? user, int? session);

    private static PartitionKey Key(string tenant, string user, int session) =>
        new PartitionKeyBuilder().Add(tenant).Add(user).Add(session).Build();

    private async Task<Container> NewContainerAsync() =>
        await endpoint.Database.CreateContainerAsync(new ContainerProperties($"h-{Guid.NewGuid():N}", ["/tenant", "/user", "/session"]));

    [Fact]
    public async Task Items_are_addressed_by_all_levels()
    {
        var container = await NewContainerAsync();
        await container.CreateItemAsync(new Visit("1", "t", "u", 1), Key("t", "u", 1));
        await container.CreateItemAsync(new Visit("1", "t", "u", 2));
        (await container.ReadItemAsync<Visit>("1", Key("t", "u", 2))).Resource.session.ShouldBe(2);
        (await FaultAsync(() => container.ReadItemAsync<Visit>("1", Key("t", "u", 3)))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await FaultAsync(() => container.CreateItemAsync(new Visit("2", "t", "u", 1), Key("t", "u", 9)))).ShouldBe(
            (HttpStatusCode.BadRequest, 1001));
    }

    [Fact]
    public async Task A_query_by_the_first_levels_finds_what_lies_below()
    {
        var container = await NewContainerAsync();
        foreach (var tenant in new[] { "t1", "t2" })
            foreach (var user in new[] { "u1", "u2", "u3" })
                for (var session = 0; session < 3; session++)
                    await container.CreateItemAsync(new Visit($"{tenant}{user}{session}", tenant, user, session));
        await endpoint.SplitAsync(container, "1");
        (await CountAsync(container, new PartitionKeyBuilder().Add("t1").Build())).ShouldBe(9);
        (await CountAsync(container, new PartitionKeyBuilder().Add("t1").Add("u2").Build())).ShouldBe(3);
        (await CountAsync(container, Key("t1", "u2", 0))).ShouldBe(1);
        (await CountAsync(container, null)).ShouldBe(18);
    }

    private static async Task<int> CountAsync(Container container, PartitionKey? key)
    {
        using var feed = container.GetItemQueryIterator<Visit>("SELECT * FROM c WHERE c.session >= 0", null, new() { PartitionKey = key });
        var count = 0;
        while (feed.HasMoreResults)
            count += (await feed.ReadNextAsync()).Count;
        return count;
    }
}
