using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Denormalisation;
using Orders.Views.Projections;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Denormalisation;

public class OrderNamesTests
{
    private static readonly OrderStatusDocument Open = OrderStatusDocument.Fold(Given(Placed()).Events)!;
    private static readonly OrderStatusDocument Ended = OrderStatusDocument.Fold(Given(Placed(), Cancelled()).Events)!;

    private static ReferenceName Customer(string name, long version) => new(ReferenceKind.Customer, "c-1001", name, version);

    private static ReferenceName Product(string name, long version, string sku = "KB-01") => new(ReferenceKind.Product, sku, name, version);

    [Fact]
    public void The_latest_of_every_name_stays_in_whatever_order_they_come()
    {
        ReferenceName[] names = [Customer("Ada", 1), Customer("Ada L.", 2), Customer("Ada King", 3), Product("Keyboard 2", 7), Product("Keyboard 3", 8)];
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var shuffled = Enumerable.Range(0, 12).Select(_ => random.GetItems(names, 1)[0]).Concat(names).ToArray();
            random.Shuffle(shuffled);

            var order = shuffled.Aggregate(Open, OrderNames.With);

            order.Names!.OrderBy(n => n.Kind).ShouldBe([Customer("Ada King", 3), Product("Keyboard 3", 8)]);
        }
    }

    [Fact]
    public void A_name_it_has_or_does_not_show_leaves_an_order_as_it_is()
    {
        var named = OrderNames.With(Open, Customer("Ada", 2));

        OrderNames.With(named, Customer("Ada", 2)).ShouldBeSameAs(named);
        OrderNames.With(named, Customer("Augusta", 1)).ShouldBeSameAs(named);
        OrderNames.With(named, Product("Mouse", 1, "MS-02")).ShouldBeSameAs(named);
        OrderNames.With(named, new ReferenceName(ReferenceKind.Product, "c-1001", "Not the customer", 9)).ShouldBeSameAs(named);
    }

    [Fact]
    public void An_order_that_has_ended_keeps_the_names_it_had()
    {
        var named = Ended with { Names = [Customer("Ada", 2)] };

        OrderNames.With(named, Customer("Ada King", 3)).ShouldBeSameAs(named);
        OrderNames.ReferencesOf(named).ShouldBeEmpty();
    }

    [Fact]
    public void Another_version_of_a_view_takes_them_over_though()
    {
        var named = Ended with { Names = [Customer("Ada", 2)] };

        OrderNames.TakeOver(Ended, named).Names.ShouldBe([Customer("Ada", 2)]);
        OrderNames.TakeOver(named, Ended with { Names = [Customer("Augusta", 1)] }).ShouldBeSameAs(named);
    }

    [Fact]
    public void Events_keep_the_names_and_what_comes_from_events_has_none()
    {
        var stream = Given(Placed(), Taxed());
        var named = OrderNames.With(Open, Customer("Ada", 2));

        OrderStatusDocument.Apply(named, stream.Last)!.NameOf(new(ReferenceKind.Customer, "c-1001")).ShouldBe("Ada");
        new OrderStatusProjection().FromEvents(named).ShouldBe(Open);
        new CustomerOrdersProjection().FromEvents(named).ShouldBe(Open);
    }
}
