using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Plan;
using ChangeFeed.Migration.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Copy;

/// <summary>What there is is copied, and what happens is followed.</summary>
public sealed class CopyTests(TwoStores stores) : IClassFixture<TwoStores>
{
    [Fact]
    public async Task Documents_come_to_another_key_on_another_account_in_the_order_of_their_partition()
    {
        var name = await stores.NewContainerAsync();
        foreach (var customer in (string[])["a", "bb", "ccc", "dddd"])
            for (var i = 0; i < 150; i++)
                await TwoStores.PutAsync(stores.OldOf(name), customer, i);
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await migration.RunAsync(untilCurrent: true, TwoStores.Stop);

        var documents = await TwoStores.AllAsync(stores.NewOf(name));
        documents.Count.ShouldBe(600);
        documents.ShouldAllBe(d => (string)d["tenant"]! == ByTenant.TenantOf((string)d["customer"]!));
        ContainerProperties properties = await stores.NewOf(name).ReadContainerAsync(cancellationToken: TwoStores.Stop);
        properties.PartitionKeyPaths.ShouldBe(["/tenant", "/customer"]);
        var feed = stores.NewOf(name).ReadFeedToEndAsync(
            ChangeFeedStartFrom.Beginning(), null, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions(), TwoStores.Stop);
        var order = new Dictionary<string, int>();
        await foreach (var page in feed)
        {
            foreach (var document in page.Documents)
            {
                var customer = document.GetProperty("customer").GetString()!;
                int.Parse(document.GetProperty("id").GetString()!).ShouldBe(order.GetValueOrDefault(customer));
                order[customer] = order.GetValueOrDefault(customer) + 1;
            }
        }
    }

    [Fact]
    public async Task Replacements_and_deletes_while_it_runs_are_carried()
    {
        var name = await stores.NewContainerAsync();
        for (var i = 0; i < 50; i++)
            await TwoStores.PutAsync(stores.OldOf(name), "ann", i);
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await stores.OldOf(name).DeleteItemAsync<Basket>("0", new("ann"), cancellationToken: TwoStores.Stop); // before anything is copied
        await using var running = new Background(stop => migration.RunAsync(cancellationToken: stop));
        await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "everything is copied");

        await stores.OldOf(name).DeleteItemAsync<Basket>("1", new("ann"), cancellationToken: TwoStores.Stop);
        await stores.OldOf(name).DeleteItemAsync<Basket>("2", new("ann"), cancellationToken: TwoStores.Stop);
        await TwoStores.PutAsync(stores.OldOf(name), "ann", 2, items: 9); // made again
        await TwoStores.PutAsync(stores.OldOf(name), "ann", 3, items: 7);

        var documents = await Eventually.GetAsync(
            () => TwoStores.AllAsync(stores.NewOf(name)),
            all => all.Count == 48 && all.Any(d => (int)d["items"]! == 7) && all.Any(d => (int)d["items"]! == 9), what: "the changes are carried");
        documents.Select(d => (string)d["id"]!).ShouldNotContain("1");
    }

    [Fact]
    public async Task Without_a_feed_of_versions_a_mark_in_the_document_is_a_delete()
    {
        var name = await stores.NewContainerAsync(properties => properties.ChangeFeedPolicy = null);
        var old = stores.OldOf(name);
        await TwoStores.PutAsync(old, "ann", 1);
        await TwoStores.PutAsync(old, "ann", 2);
        await TwoStores.PutAsync(old, "ann", 3, items: 0);
        await old.UpsertItemAsync(new Basket("many", "ann", 5), cancellationToken: TwoStores.Stop);
        var migration = stores.Migration(name);
        var plan = await migration.PlanAsync(
            new MigrationRequest(TwoStores.Old(name), TwoStores.New(name), ["/id"]) { Transformation = "soft" }, TwoStores.Stop);
        plan.Versions.ShouldBeFalse();
        await using var running = new Background(stop => migration.RunAsync(cancellationToken: stop));
        await Eventually.GetAsync(
            async () => (await TwoStores.AllAsync(stores.NewOf(name))).Select(d => (string)d["id"]!).Order().ToList(),
            ids => ids is ["1", "2", "many", "many-2"]);

        await old.UpsertItemAsync(new { id = "2", customer = "ann", items = 1, gone = true }, cancellationToken: TwoStores.Stop);
        await old.UpsertItemAsync(new { id = "many", customer = "ann", items = 5, gone = true }, cancellationToken: TwoStores.Stop);
        await Eventually.GetAsync(
            async () => (await TwoStores.AllAsync(stores.NewOf(name))).Select(d => (string)d["id"]!).ToList(), ids => ids is ["1"]);
        (await migration.VerifyAsync(full: true, cancellationToken: TwoStores.Stop)).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_remains_of_a_life_is_kept()
    {
        var name = await stores.NewContainerAsync();
        await TwoStores.PutAsync(stores.OldOf(name), "ann", 1, ttl: 1000);
        await TwoStores.PutAsync(stores.OldOf(name), "ann", 2);
        await Task.Delay(TimeSpan.FromMilliseconds(2100), TwoStores.Stop); // of its life, not to wait for something
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await migration.RunAsync(untilCurrent: true, TwoStores.Stop);

        var documents = await TwoStores.AllAsync(stores.NewOf(name));
        ((int)documents.Single(d => (string)d["id"]! == "1")["ttl"]!).ShouldBeInRange(900, 998);
        documents.Single(d => (string)d["id"]! == "2")["ttl"].ShouldBeNull();
        (await migration.VerifyAsync(cancellationToken: TwoStores.Stop)).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_keeps_to_its_budget()
    {
        var name = await stores.NewContainerAsync();
        for (var i = 0; i < 100; i++)
            await TwoStores.PutAsync(stores.OldOf(name), $"c{i % 7}", i);
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name) with { RequestUnits = 200 }, TwoStores.Stop);
        var started = TimeProvider.System.GetTimestamp();
        await migration.RunAsync(untilCurrent: true, TwoStores.Stop);
        var spent = (await migration.StatusAsync(TwoStores.Stop)).Ranges.Sum(r => r.Charge);
        // What is in flight when the budget is used up comes on top.
        (spent / TimeProvider.System.GetElapsedTime(started).TotalSeconds).ShouldBeLessThan(200 * 1.5);
    }

    [Fact]
    public async Task Paused_it_carries_nothing_and_goes_on_when_resumed()
    {
        var name = await stores.NewContainerAsync();
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await migration.PauseAsync(TwoStores.Stop);
        await TwoStores.PutAsync(stores.OldOf(name), "ann", 1);
        await using var running = new Background(stop => migration.RunAsync(cancellationToken: stop));
        await Task.Delay(TimeSpan.FromSeconds(1.5), TwoStores.Stop); // three of its looks: nothing to wait for
        (await TwoStores.AllAsync(stores.NewOf(name))).ShouldBeEmpty();

        await migration.ResumeAsync(TwoStores.Stop);
        await Eventually.UntilAsync(async () => (await TwoStores.AllAsync(stores.NewOf(name))).Count == 1, "it goes on");
        await migration.CancelAsync(TwoStores.Stop);
        await running.EndedAsync();
        (await migration.StatusAsync(TwoStores.Stop)).Plan.State.ShouldBe(MigrationState.Cancelled);
    }

    [Fact]
    public async Task Two_processes_divide_the_ranges_and_one_takes_over_when_the_other_is_gone()
    {
        var name = await stores.NewContainerAsync();
        using var others = stores.Connect();
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await using var first = new Background(stop => migration.RunAsync(cancellationToken: stop));
        await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "the first has all");
        await using (var second = new Background(stop => stores.Migration(name, others).RunAsync(cancellationToken: stop)))
        {
            await Eventually.UntilAsync(
                async () => (await migration.StatusAsync(TwoStores.Stop)).Ranges.GroupBy(r => r.Owner).Select(g => g.Count()).ToList() is [2, 2],
                "two and two");
            await TwoStores.PutAsync(stores.OldOf(name), "ann", 1);
            await Eventually.UntilAsync(async () => (await TwoStores.AllAsync(stores.NewOf(name))).Count == 1, "both carry");
        }

        await Eventually.UntilAsync(
            async () => (await migration.StatusAsync(TwoStores.Stop)).Ranges.GroupBy(r => r.Owner).Count(g => g.Key is not null) == 1, "one has all again");
        await TwoStores.PutAsync(stores.OldOf(name), "bea", 1);
        await Eventually.UntilAsync(async () => (await TwoStores.AllAsync(stores.NewOf(name))).Count == 2, "it carries");
    }
}
