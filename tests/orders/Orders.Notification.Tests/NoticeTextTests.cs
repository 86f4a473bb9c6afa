using Orders.Contracts;
using Orders.Notification.Mail;
using static Orders.Testing.OrderStream;

namespace Orders.Notification.Tests;

public class NoticeTextTests
{
    private static OutgoingMail Mail(NoticeKind notice, params object[] events)
    {
        var stream = Given(events);
        return NoticeText.Compose(stream.Last, notice, stream.State, "shop.example");
    }

    [Fact]
    public void The_mail_of_a_shipped_order_names_the_carrier_and_what_is_coming()
    {
        var stream = Given(Placed(), Taxed(), Captured(), Shipped());

        var mail = NoticeText.Compose(stream.Last, NoticeKind.Shipped, stream.State, "shop.example");

        mail.MessageId.ShouldBe($"shipped-{stream.Last.Meta.EventId}@shop.example");
        (mail.Date, mail.To, mail.ToName).ShouldBe((stream.Last.Meta.At, "ada@example.org", "Ada Lovelace"));
        mail.Subject.ShouldBe($"Your order {OrderId} is on its way");
        mail.Body.ReplaceLineEndings("\n").ShouldBe(
            $"""
            Hello Ada Lovelace,

            your order is on its way with Simulated Parcel, tracking number SP1.

            Order {OrderId}
              2 x Keyboard (KB-01) at 49.90 USD
            Subtotal 99.80 USD
            Tax 6.49 USD
            Total 106.29 USD

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_same_event_always_gives_the_same_mail() =>
        Mail(NoticeKind.Shipped, Placed(), Taxed(), Captured(), Shipped()).ShouldBe(Mail(NoticeKind.Shipped, Placed(), Taxed(), Captured(), Shipped()));

    [Fact]
    public void Who_could_not_pay_reads_why() =>
        Mail(NoticeKind.PaymentDeclined, Placed(), Taxed(), new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 106.29m))
            .Body.ShouldContain("your payment was declined (insufficient funds)");

    [Fact]
    public void Who_was_rejected_reads_why_and_what_went_back() =>
        Mail(NoticeKind.Rejected, Placed(), Taxed(), Captured(), Rejected(), Refunded())
            .Body.ShouldContain("cannot be delivered (out of stock). 106.29 USD went back to you.");

    [Fact]
    public void An_order_cancelled_before_its_tax_was_known_has_no_total() =>
        Mail(NoticeKind.Cancelled, Placed(), Cancelled()).Body.ShouldNotContain("Total", Case.Sensitive);

    [Fact]
    public void Amounts_have_the_decimals_of_their_currency() =>
        Mail(NoticeKind.Cancelled, Placed(currency: "JPY", unitPrice: 1200), Cancelled()).Body.ShouldContain("at 1200 JPY");
}
