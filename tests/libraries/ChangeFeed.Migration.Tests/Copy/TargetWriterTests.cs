using System.Text.Json.Nodes;
using ChangeFeed.Migration.Copy;
using ChangeFeed.Migration.Plan;
using ChangeFeed.Migration.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Copy;

/// <summary>Whatever comes late, twice, or from a process that lost its range never moves a document back.</summary>
public sealed class TargetWriterTests(TwoStores stores) : IClassFixture<TwoStores>
{
    private static readonly KeyPaths Keys = new(["/customer"]);
    private static readonly MigrationPlan Plan = new("plan", "m", "p", TwoStores.Old("x"), TwoStores.New("x"));

    private Container _target = null!;

    [Fact]
    public async Task An_older_version_does_not_replace_a_newer_one()
    {
        await StartAsync();
        (await WriteAsync(Plan, Put(5, items: 5))).Written.ShouldBe(1);
        (await WriteAsync(Plan, Put(3, items: 3))).Skipped.ShouldBe(1);
        (await WriteAsync(Plan, Put(5, items: 5))).Skipped.ShouldBe(1);
        (await ItemsAsync()).ShouldBe(5);
        (await WriteAsync(Plan, Put(6, items: 6))).Written.ShouldBe(1);
        (await ItemsAsync()).ShouldBe(6);
    }

    [Fact]
    public async Task An_older_version_does_not_bring_back_what_was_deleted()
    {
        await StartAsync();
        await WriteAsync(Plan, Put(1, items: 1));
        (await WriteAsync(Plan, Mark(2))).Deleted.ShouldBe(1);
        (await WriteAsync(Plan, Put(1, items: 1))).Skipped.ShouldBe(1);
        (await TwoStores.AllAsync(_target)).ShouldBeEmpty();
        (await WriteAsync(Plan, Put(3, items: 3))).Written.ShouldBe(1);
        (await ItemsAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Of_many_the_newest_stays_in_whatever_order_they_come()
    {
        await StartAsync();
        var versions = Enumerable.Range(1, 40).ToArray();
        Random.Shared.Shuffle(versions);
        await Task.WhenAll(versions.Select(v => WriteAsync(Plan, v % 3 == 0 ? Mark(v) : Put(v, items: v))));
        (await ItemsAsync()).ShouldBe(40);
    }

    [Fact]
    public async Task What_somebody_else_wrote_is_left_alone_in_the_first_generation_and_replaced_in_the_next()
    {
        await StartAsync();
        await TwoStores.PutAsync(_target, "ann", 1, items: 77);
        (await WriteAsync(Plan, Put(5, items: 5))).Foreign.ShouldBe(1);
        (await ItemsAsync()).ShouldBe(77);
        (await WriteAsync(Plan with { Generation = 2 }, Put(5, items: 5, generation: 2))).Written.ShouldBe(1);
        (await ItemsAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task Whoever_changes_a_carried_document_and_keeps_what_it_says_of_itself_is_seen_as_its_writer()
    {
        await StartAsync();
        await WriteAsync(Plan, Put(5, items: 5));
        var document = (await TwoStores.AllAsync(_target)).Single();
        DocumentStamp.OfCarried(document, "p").ShouldNotBeNull();
        document["items"] = 99;
        DocumentStamp.OfCarried(document, "p").ShouldBeNull();
        DocumentStamp.OfCarried(document, "another").ShouldBeNull();
    }

    [Fact]
    public async Task Who_has_lost_the_range_writes_nothing()
    {
        await StartAsync();
        var writer = new TargetWriter(Plan, _target, new RequestBudget(TimeProvider.System), () => false);
        await Should.ThrowAsync<OperationCanceledException>(() => writer.WriteAsync([Put(1, 1)], TwoStores.Stop));
        (await TwoStores.AllAsync(_target)).ShouldBeEmpty();
    }

    private async Task StartAsync() => _target = stores.OldOf(await stores.NewContainerAsync());

    private Task<Outcome> WriteAsync(MigrationPlan plan, params TargetChange[] changes) =>
        new TargetWriter(plan, _target, new RequestBudget(TimeProvider.System), () => true).WriteAsync(changes, TwoStores.Stop);

    private async Task<int> ItemsAsync() => (int)(await TwoStores.AllAsync(_target)).Single()["items"]!;

    private static TargetChange Put(long version, int items, int generation = 1)
    {
        var document = new JsonObject { ["id"] = "1", ["customer"] = "ann", ["items"] = items };
        var stamp = new DocumentStamp("p", generation, version, $"e{version}", DocumentContent.Hash(document), ["ann", "1"], false);
        return TargetChange.Of(document, Keys.KeyOf(document), stamp);
    }

    private static TargetChange Mark(long version)
    {
        var document = new JsonObject { ["id"] = "1", ["customer"] = "ann", ["items"] = 1 };
        return TargetChange.Mark(document, Keys.Properties, Keys.KeyOf(document), new DocumentStamp("p", 1, version, null, "", ["ann", "1"], false));
    }
}
