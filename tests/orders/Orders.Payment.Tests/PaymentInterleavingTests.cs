using Orders.Contracts;
using Orders.Domain;
using Orders.PersonalData;
using static Orders.Testing.OrderStream;

namespace Orders.Payment.Tests;

/// <summary>
/// Cancelling, rejecting, shipping and refunding race with the payment service, which may crash at any step or finish its work after it lost its lease.
/// However they interleave, money ends where it belongs.
/// </summary>
public class PaymentInterleavingTests
{
    [Theory]
    [InlineData("tok_visa", true)]
    [InlineData("tok_visa", false)]
    [InlineData("tok_declined", true)]
    public void One_instance_that_may_crash_once_at_any_step(string token, bool inStock) =>
        Interleaving.ExploreAll(run => Play(run, token, inStock, crashes: 1, rebalances: 0)).ShouldBeGreaterThan(40);

    [Theory]
    [InlineData("tok_visa", true)]
    [InlineData("tok_visa", false)]
    public void Instances_that_lost_their_lease_finish_their_event_beside_the_new_owner(string token, bool inStock) =>
        Interleaving.ExploreSome(300, run => Play(run, token, inStock, crashes: 1, rebalances: 2));

    private static void Play(Interleaving run, string token, bool inStock, int crashes, int rebalances)
    {
        using var gateway = new GatewayFixture();
        var stream = Given(Placed(token), Taxed());
        var feed = new FeedModel(stream, "payment", checkpoint: 1);

        Handle Instance()
        {
            var payment = new PaymentReactions(gateway.Open(), new PersonalDataProtector(new CustomerKeysInMemory()));
            return (cause, read) => cause.Data switch
            {
                TaxCalculated => payment.WhenTaxCalculatedAsync(cause, OrderState.Fold(read), TestContext.Current.CancellationToken),
                FulfillmentRejected or OrderCancelled or RefundRequested => payment.WhenMoneyIsOwedAsync(
                    cause, OrderState.Fold(read), TestContext.Current.CancellationToken),
                _ => null,
            };
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
        run.Perhaps(() => stream.Append(Cancelled()), () => stream.State.Status is OrderStatus.Taxed or OrderStatus.Paid);
        run.Perhaps(() => stream.Append(inStock ? Shipped() : Rejected()), () => stream.State.Status is OrderStatus.Paid);
        if (inStock)
            run.Perhaps(() => stream.Append(RefundAsked()), () => stream.State is { Status: OrderStatus.Shipped, RefundRequest: null });
        run.Run();
        feed.Drain(Instance());

        var told = string.Join(" ", stream.Events.Select(e => e.Type));
        var captured = gateway.Payments(PaymentOutcome.Captured).Count;
        var owed = stream.State is { Status: OrderStatus.Cancelled or OrderStatus.Rejected } or { RefundRequest: not null } ? captured : 0;
        stream.Count<PaymentCaptured>().ShouldBe(captured, told);
        gateway.Refunds().Count.ShouldBe(owed, told);
        stream.Count<PaymentRefunded>().ShouldBe(owed, told);
        if (stream.State.Status is OrderStatus.Paid or OrderStatus.Shipped or OrderStatus.Rejected)
            captured.ShouldBe(1, told);
        if (token == "tok_declined" && stream.State.Status != OrderStatus.Cancelled)
            stream.State.Status.ShouldBe(OrderStatus.PaymentDeclined, told);
        if (stream.Count<PaymentRefunded>() == 1)
            stream.The<PaymentRefunded>().Meta.CausationId.ShouldBe(
                stream.Events.Single(e => e.Data is OrderCancelled or FulfillmentRejected or RefundRequested).Meta.EventId, told);
    }
}
