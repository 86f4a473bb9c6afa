using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Plan;
using ChangeFeed.Migration.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Switch;

/// <summary>What a consumer of a feed learns of the documents that a migration wrote to it.</summary>
public sealed class CarriedInTests(TwoStores stores) : IClassFixture<TwoStores>
{
    [Fact]
    public async Task A_document_of_the_feed_says_in_which_generation_it_was_carried_there_until_somebody_writes_it()
    {
        var name = await stores.NewContainerAsync();
        var migration = stores.Migration(name);
        await TwoStores.PutAsync(stores.OldOf(name), "ann", 1);
        await TwoStores.PutAsync(stores.OldOf(name), "bob", 2);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await using (new Background(stop => migration.RunAsync(cancellationToken: stop)))
        {
            await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "everything is carried");
            await migration.CutoverAsync(_ => { }, TwoStores.Stop);
            var tenant = (await FeedAsync(stores.NewOf(name))).Single(d => d.GetProperty("id").GetString() == "1").GetProperty("tenant").GetString();
            await stores.NewOf(name).UpsertItemAsync(new { id = "1", tenant, customer = "ann", items = 7 }, cancellationToken: TwoStores.Stop);
            await stores.NewOf(name).CreateItemAsync(new { id = "3", tenant, customer = "ann", items = 1 }, cancellationToken: TwoStores.Stop);
            await Eventually.UntilAsync(async () => (await FeedAsync(stores.OldOf(name))).Count == 3, "it goes back");
        }

        var plan = (await new MigrationStore(stores.Documents, name).PlanAsync(TwoStores.Stop)).Plan.Key;
        (await CarriedAsync(stores.NewOf(name), plan)).ShouldBe(["1: ", "2: 1", "3: "]);
        (await CarriedAsync(stores.OldOf(name), plan)).ShouldBe(["1: 2", "2: ", "3: 2"]);
        (await CarriedAsync(stores.NewOf(name), "another")).ShouldBe(["1: ", "2: ", "3: "]);
    }

    private static async Task<List<string>> CarriedAsync(Container container, string plan) =>
        [.. (await FeedAsync(container)).Select(d => $"{d.GetProperty("id").GetString()}: {CarriedDocument.CarriedIn(d, plan)}").Order()];

    private static async Task<List<JsonElement>> FeedAsync(Container container)
    {
        var found = new List<JsonElement>();
        var pages = container.ReadFeedToEndAsync(
            ChangeFeedStartFrom.Beginning(), null, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions(), TwoStores.Stop);
        await foreach (var page in pages)
            found.AddRange(page.Documents.Select(d => d.Clone()));
        return found;
    }
}
