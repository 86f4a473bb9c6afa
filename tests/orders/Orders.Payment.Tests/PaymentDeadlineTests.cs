using ChangeFeed.Timers;
using Orders.Contracts;
using Orders.Domain;
using Orders.PersonalData;
using static Orders.Testing.OrderStream;

namespace Orders.Payment.Tests;

/// <summary>An order that is not paid in time is cancelled; a payment on its way may win or lose, and no money is kept for a cancelled order.</summary>
public class PaymentDeadlineTests
{
    private static readonly OrderCancelled TooLate = new("not paid within 30 minutes");

    private static TimeSpan Deadline => new PaymentOptions().Deadline;

    [Fact]
    public void An_order_that_waits_for_its_money_gets_a_deadline()
    {
        PaymentDeadline.WhenPlaced(Given(Placed()).Events, Deadline).ShouldBe([new Schedule("payment-deadline", Deadline, TooLate)]);
        PaymentDeadline.WhenPlaced(Given(Placed(), Taxed()).Events, Deadline).Count.ShouldBe(1);
        PaymentDeadline.WhenPlaced(Given(Placed(), Taxed(), Captured()).Events, Deadline).ShouldBeEmpty();
        PaymentDeadline.WhenPlaced(Given(Placed(), Cancelled()).Events, Deadline).ShouldBeEmpty();
    }

    [Fact]
    public void When_it_is_due_the_order_is_cancelled_where_it_waits_for_its_money_still()
    {
        PaymentDeadline.WhenDue(TooLate, Given(Placed()).Events).ShouldBe([TooLate]);
        PaymentDeadline.WhenDue(TooLate, Given(Placed(), Taxed()).Events).ShouldBe([TooLate]);
        foreach (var settled in new[]
        {
            Given(Placed(), Taxed(), Captured()), Given(Placed(), Cancelled()), Given(Placed(), Taxed(), Captured(), Shipped()),
            Given(Placed(), Taxed(), new PaymentDeclined(DeclineCode.InsufficientFunds, "no", "USD", 1)),
        })
            PaymentDeadline.WhenDue(TooLate, settled.Events).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("00:00:30", "not paid within 30 seconds")]
    [InlineData("00:30:00", "not paid within 30 minutes")]
    public void The_reason_says_how_long(string deadline, string reason) =>
        PaymentDeadline.WhenPlaced(Given(Placed()).Events, TimeSpan.Parse(deadline, System.Globalization.CultureInfo.InvariantCulture))
            .ShouldHaveSingleItem().ShouldBeOfType<Schedule>().Event.ShouldBe(new OrderCancelled(reason));

    [Theory]
    [InlineData("00:00:09")]
    [InlineData("30.00:00:01")]
    public void A_wrong_setting_is_named(string deadline) =>
        new PaymentOptionsValidation()
            .Validate(null, new PaymentOptions { Deadline = TimeSpan.Parse(deadline, System.Globalization.CultureInfo.InvariantCulture) })
            .FailureMessage.ShouldBe("Payment:Deadline must be between 00:00:10 and 30.00:00:00.");

    [Fact]
    public void However_the_deadline_and_a_payment_that_may_crash_interleave_no_money_is_kept_for_a_cancelled_order() =>
        Interleaving.ExploreAll(Play).ShouldBeGreaterThan(40);

    private static void Play(Interleaving run)
    {
        using var gateway = new GatewayFixture();
        var stream = Given(Placed(), Taxed());
        var feed = new FeedModel(stream, "payment", checkpoint: 1);

        Handle Instance()
        {
            var payment = new PaymentReactions(gateway.Open(), new PersonalDataProtector(new CustomerKeysInMemory()));
            return (cause, read) => cause.Data switch
            {
                TaxCalculated => payment.WhenTaxCalculatedAsync(cause, OrderState.Fold(read), TestContext.Current.CancellationToken),
                OrderCancelled => payment.WhenMoneyIsOwedAsync(cause, OrderState.Fold(read), TestContext.Current.CancellationToken),
                _ => null,
            };
        }

        var crash = run.Start(feed.Instance(Instance()));
        run.Perhaps(() =>
        {
            crash();
            crash = run.Start(feed.Instance(Instance()));
        });
        // Reads and appends in one step, as its conditional append makes of it.
        run.Perhaps(() =>
        {
            foreach (var e in PaymentDeadline.WhenDue(TooLate, stream.Events))
                stream.Append(e, stream.Events[0], PaymentDeadline.Name);
        });
        run.Run();
        feed.Drain(Instance());

        var told = string.Join(" ", stream.Events.Select(e => e.Type));
        var captured = gateway.Payments(PaymentOutcome.Captured).Count;
        stream.Count<PaymentCaptured>().ShouldBe(captured, told);
        if (stream.State.Status == OrderStatus.Cancelled)
            stream.Count<PaymentRefunded>().ShouldBe(captured, told);
        else
            (stream.State.Status, captured, stream.Count<PaymentRefunded>()).ShouldBe((OrderStatus.Paid, 1, 0), told);
    }
}
