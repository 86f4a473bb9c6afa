using System.Collections.Concurrent;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;
using Orders.Views.Denormalisation;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Denormalisation;

public class RenamerTests(ViewsOnStore store) : IClassFixture<ViewsOnStore>
{
    private readonly string _customer = $"c-{Guid.NewGuid():N}";
    private readonly string _sku = $"KB-{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Reference Customer => new(ReferenceKind.Customer, _customer);

    private Reference Product => new(ReferenceKind.Product, _sku);

    [Fact]
    public async Task A_name_reaches_every_open_order_of_both_views_and_no_other()
    {
        var open = (await store.OrdersAsync(Renamer.PageSize * 2 + 5, _customer, _sku))
            .Concat(await store.OrdersAsync(2, _customer, _sku, Taxed(), Captured(), Shipped())).ToList();
        var ended = await store.OrdersAsync(2, _customer, _sku, Cancelled());
        var others = await store.OrdersAsync(2, _customer + "x", _sku + "x");
        await store.CallAsync(Customer, "Ada King", 1);
        await store.CallAsync(Product, "Keyboard, quiet", 4);

        await Task.WhenAll(store.Renamer().RunAsync(Customer, Stop), store.Renamer().RunAsync(Product, Stop));

        await ShouldBeCalledAsync(open, Customer, "Ada King");
        await ShouldBeCalledAsync(open, Product, "Keyboard, quiet");
        await ShouldBeCalledAsync(ended, Customer, null);
        await ShouldBeCalledAsync(ended, Product, null);
        foreach (var id in others)
            (await store.NamesAsync(id, _customer + "x", Product)).ShouldBe((null, null));
        var renaming = await RenamingAsync(Product);
        (renaming.State, renaming.Version, renaming.Done, renaming.Total).ShouldBe((RenamingState.Done, 4, open.Count * 2, open.Count * 2));
    }

    [Fact]
    public async Task A_document_that_nobody_can_read_gives_no_name_and_whoever_follows_it_says_so()
    {
        await store.Database.Get(ReferenceContainers.Customers).UpsertItemAsync(
            new { id = _customer, version = "many", name = 17 }, new Microsoft.Azure.Cosmos.PartitionKey(_customer), cancellationToken: Stop);

        (await store.References.ReadNameIfAnyAsync(Customer, Stop)).ShouldBeNull();
        await Should.ThrowAsync<System.Text.Json.JsonException>(store.Renamer().RunAsync(Customer, Stop));
    }

    [Fact]
    public async Task A_change_that_is_delivered_again_changes_nothing()
    {
        await store.OrdersAsync(3, _customer, _sku);
        await store.CallAsync(Customer, "Ada", 1);
        await store.Renamer().RunAsync(Customer, Stop);

        await store.Renamer(new DisturbedStore(store.Renamings, _ => throw new InvalidOperationException("nothing is to be written"))).RunAsync(Customer, Stop);
    }

    [Fact]
    public async Task Who_takes_over_after_a_crash_goes_on_where_it_was()
    {
        var open = await store.OrdersAsync(Renamer.PageSize * 2 + 5, _customer, _sku);
        await store.CallAsync(Product, "Keyboard, quiet", 1);
        var pages = 0;
        var crashing = new DisturbedStore(
            store.Renamings, renaming => renaming.Done > 0 && ++pages == 2 ? throw new IOException("crashed") : Task.CompletedTask);
        await Should.ThrowAsync<IOException>(() => store.Renamer(crashing).RunAsync(Product, Stop));

        var crashed = await RenamingAsync(Product);
        (crashed.State, crashed.Total).ShouldBe((RenamingState.Running, open.Count * 2));
        crashed.Next!.Continuation.ShouldNotBeNull();
        var states = new List<RenamingDocument>();
        await store.Renamer(new DisturbedStore(store.Renamings, renaming =>
        {
            states.Add(renaming);
            return Task.CompletedTask;
        })).RunAsync(Product, Stop);

        states[0].StartedAt.ShouldBe(crashed.StartedAt);
        states[0].Done.ShouldBe(crashed.Done); // the page that was written but not noted
        states.ShouldAllBe(s => s.State != RenamingState.Running || s.Targets[0].Finished || s.Targets[0].Continuation != null);
        states[^1].State.ShouldBe(RenamingState.Done);
        await ShouldBeCalledAsync(open, Product, "Keyboard, quiet");
    }

    [Fact]
    public async Task Two_who_do_the_same_do_it_once()
    {
        var open = await store.OrdersAsync(Renamer.PageSize + 5, _customer, _sku);
        await store.CallAsync(Product, "Keyboard, quiet", 1);

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => store.Renamer().RunAsync(Product, Stop)));

        await ShouldBeCalledAsync(open, Product, "Keyboard, quiet");
        (await RenamingAsync(Product)).State.ShouldBe(RenamingState.Done);
    }

    [Fact]
    public async Task A_later_name_takes_the_place_of_the_one_that_is_under_way()
    {
        var open = await store.OrdersAsync(Renamer.PageSize * 2, _customer, _sku);
        await store.CallAsync(Product, "Keyboard, quiet", 1);
        var versions = new ConcurrentQueue<(long Version, long Done)>();
        var renamings = new DisturbedStore(store.Renamings, async renaming =>
        {
            versions.Enqueue((renaming.Version, renaming.Done));
            if (renaming is { Version: 1, Done: > 0 })
                await store.CallAsync(Product, "Keyboard, silent", 2);
        });

        await store.Renamer(renamings).RunAsync(Product, Stop);

        versions.Count(v => v is { Version: 1, Done: > 0 }).ShouldBe(1);
        await ShouldBeCalledAsync(open, Product, "Keyboard, silent");
        (await RenamingAsync(Product)).ShouldSatisfyAllConditions(r => r.Version.ShouldBe(2), r => r.State.ShouldBe(RenamingState.Done));
    }

    [Fact]
    public async Task Orders_that_are_made_meanwhile_with_the_name_before_are_found_by_the_second_look()
    {
        await store.OrdersAsync(1, _customer, _sku);
        await store.CallAsync(Customer, "Ada", 1);
        IReadOnlyList<string> late = [];
        var renamings = new DisturbedStore(store.Renamings, async renaming =>
        {
            if (renaming.State == RenamingState.Settling && late.Count == 0)
                late = await store.OrdersAsync(2, _customer, _sku);
        });

        await store.Renamer(renamings).RunAsync(Customer, Stop);

        late.Count.ShouldBe(2);
        await ShouldBeCalledAsync(late, Customer, "Ada");
    }

    [Fact]
    public async Task Orders_that_are_placed_while_their_customer_is_renamed_again_and_again_all_end_with_the_last_name()
    {
        var names = new NameEnrichment(store.Database, new KnownNames(store.References.ReadNameAsync, TimeProvider.System));
        var writer = AllViews.List[0].CreateWriter(store.Database.Get(ViewContainers.OrderStatus), null!, names);
        var placed = Given(Placed() with { CustomerId = _customer }).Events[0];
        var ids = Enumerable.Range(0, 200).Select(_ => Guid.NewGuid().ToString()).ToList();

        var placing = Parallel.ForEachAsync(
            ids, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Stop }, async (id, stop) =>
                await writer.ApplyAsync([placed with { StreamId = id }], stop));
        var renaming = Task.CompletedTask;
        for (var version = 1; version <= 4; version++)
        {
            await store.CallAsync(Customer, $"Ada {version}", version);
            renaming = Task.WhenAll(renaming, store.Renamer(everybodyKnows: KnownNames.EverybodyKnows).RunAsync(Customer, Stop));
        }

        await Task.WhenAll(placing, renaming);

        foreach (var id in ids)
        {
            OrderStatusDocument order = await store.Database.Get(ViewContainers.OrderStatus)
                .ReadItemAsync<OrderStatusDocument>(id, new(id), cancellationToken: Stop);
            order.NameOf(Customer).ShouldBe("Ada 4");
        }
    }

    private async Task ShouldBeCalledAsync(IEnumerable<string> orders, Reference reference, string? name)
    {
        var shown = await Task.WhenAll(orders.Select(id => store.NamesAsync(id, _customer, reference)));
        shown.Distinct().ShouldBe([(name, name)]);
    }

    private async Task<RenamingDocument> RenamingAsync(Reference reference) => (await store.Renamings.ReadAsync(reference, Stop)).Renaming!;
}
