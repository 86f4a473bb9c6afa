using Orders.Contracts;
using Orders.Domain;
using Orders.PersonalData;
using static Orders.Testing.OrderStream;

namespace Orders.Fulfillment.Tests;

/// <summary>
/// Cancelling races with shipping, and the service may crash at any step or finish its work after it lost its lease. However they
/// interleave, exactly one wins and no goods leave for a cancelled order.
/// </summary>
public class FulfillmentInterleavingTests
{
    [Theory]
    [InlineData("KB-01")]
    [InlineData("OUT-OF-STOCK")]
    public void One_instance_that_may_crash_once_at_any_step(string sku) =>
        Interleaving.ExploreAll(run => Play(run, sku, crashes: 1, rebalances: 0)).ShouldBeGreaterThan(40);

    [Fact]
    public void Instances_that_lost_their_lease_finish_their_event_beside_the_new_owner() =>
        Interleaving.ExploreSome(300, run => Play(run, "KB-01", crashes: 1, rebalances: 2));

    private static void Play(Interleaving run, string sku, int crashes, int rebalances)
    {
        using var carrier = new CarrierFixture();
        var stream = Given(Placed(sku: sku), Taxed(), Captured());
        var feed = new FeedModel(stream, "fulfillment", checkpoint: 2);

        Handle Instance()
        {
            var fulfillment = new FulfillmentReactions(carrier.Open(), new PersonalDataProtector(new CustomerKeysInMemory()));
            return (cause, read) => cause.Data is PaymentCaptured
                ? fulfillment.WhenPaymentCapturedAsync(cause, OrderState.Fold(read), TestContext.Current.CancellationToken)
                : null;
        }

        var crash = run.Start(feed.Instance(Instance()));
        for (var i = 0; i < crashes; i++)
            run.Perhaps(() =>
            {
                crash();
                crash = run.Start(feed.Instance(Instance()));
            });
        for (var i = 0; i < rebalances; i++)
            run.Perhaps(() => crash = run.Start(feed.Instance(Instance())));
        run.Perhaps(() => stream.Append(Cancelled()), () => stream.State.Status == OrderStatus.Paid);
        run.Run();
        feed.Drain(Instance());

        var told = string.Join(" ", stream.Events.Select(e => e.Type));
        var live = carrier.Booked - carrier.Voided;
        stream.State.Status.ShouldBeOneOf(OrderStatus.Cancelled, sku == "KB-01" ? OrderStatus.Shipped : OrderStatus.Rejected);
        stream.Events.Count.ShouldBe(4, told);
        live.ShouldBe(stream.State.Status == OrderStatus.Shipped ? 1 : 0, told);
        carrier.Booked.ShouldBeLessThanOrEqualTo(1, told);
    }
}
