using ChangeFeed.Migration.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Verify;

/// <summary>What differs is found and named, and looking again costs what changed.</summary>
public sealed class VerifyTests(TwoStores stores) : IClassFixture<TwoStores>
{
    private string _name = "";
    private ContainerMigration _migration = null!;

    [Fact]
    public async Task Two_equal_sides_have_no_difference_and_the_next_look_compares_only_what_changed()
    {
        await CarriedAsync();
        var first = await _migration.VerifyAsync(cancellationToken: TwoStores.Stop);
        (first.Source, first.Target, first.Compared).ShouldBe((40, 40, 80));
        first.Differences.ShouldBeEmpty();
        (await _migration.VerifyAsync(cancellationToken: TwoStores.Stop)).Compared.ShouldBe(0);

        await TwoStores.PutAsync(stores.OldOf(_name), "ann", 2, items: 2);
        await using var running = new Background(stop => _migration.RunAsync(cancellationToken: stop));
        var next = await _migration.VerifyAsync(cancellationToken: TwoStores.Stop);
        next.Differences.ShouldBeEmpty();
        next.Compared.ShouldBeInRange(1, 2);
        (await _migration.VerifyAsync(full: true, cancellationToken: TwoStores.Stop)).Compared.ShouldBe(80);
    }

    [Fact]
    public async Task A_document_that_was_not_carried_is_named()
    {
        await CarriedAsync();
        await TwoStores.PutAsync(stores.OldOf(_name), "new", 7);
        var report = await _migration.VerifyAsync(cancellationToken: TwoStores.Stop);
        report.Differences.ShouldBe(["""["new","7"]: the target lacks ["t0","new","7"]"""]);
        (await _migration.VerifyAsync(cancellationToken: TwoStores.Stop)).Different.ShouldBe(1, "what differs is looked at again");
    }

    [Fact]
    public async Task Another_content_at_the_same_version_is_named()
    {
        await CarriedAsync();
        var document = (await TwoStores.AllAsync(stores.NewOf(_name))).First(d => (string)d["id"]! == "3");
        document["items"] = 1000;
        await stores.NewOf(_name).UpsertItemStreamAsync(
            new MemoryStream(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString())), Key(document), cancellationToken: TwoStores.Stop);
        var report = await _migration.VerifyAsync(cancellationToken: TwoStores.Stop);
        report.Different.ShouldBe(1);
        report.Differences[0].ShouldContain("\"3\"");
    }

    [Fact]
    public async Task A_key_too_many_is_named_whoever_wrote_it()
    {
        await CarriedAsync();
        await stores.NewOf(_name).UpsertItemAsync(new { id = "alien", tenant = "t", customer = "x" }, cancellationToken: TwoStores.Stop);
        await stores.OldOf(_name).DeleteItemAsync<Basket>("4", new("ann"), cancellationToken: TwoStores.Stop); // nobody carries that
        var report = await _migration.VerifyAsync(cancellationToken: TwoStores.Stop);
        report.Differences.Order().ShouldBe(
            [
                """["t","x","alien"]: only the target has it, and it was not carried there""",
                """["t0","ann","4"]: only the target has it; it came from ["ann","4"]"""
            ]);
    }

    private async Task CarriedAsync()
    {
        _name = await stores.NewContainerAsync();
        for (var i = 0; i < 40; i++)
            await TwoStores.PutAsync(stores.OldOf(_name), i % 2 == 0 ? "ann" : "bobo", i);
        _migration = stores.Migration(_name);
        await _migration.PlanAsync(TwoStores.ToTenants(_name), TwoStores.Stop);
        await _migration.RunAsync(untilCurrent: true, TwoStores.Stop);
    }

    private static PartitionKey Key(System.Text.Json.Nodes.JsonObject document) =>
        new PartitionKeyBuilder().Add((string)document["tenant"]!).Add((string)document["customer"]!).Build();
}
