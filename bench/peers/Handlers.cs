using Marten;
using Wolverine.Http;
using Wolverine.Marten;

namespace Bench.Peers;

public static class PlaceOrderEndpoint
{
    [WolverinePost("/orders")]
    public static (Placed, IStartStream) Post(PlaceOrder c)
    {
        var id = Guid.CreateVersion7();
        var placed = new OrderPlaced(
            c.CustomerId, c.Email, c.Currency, c.PaymentToken, c.ShipTo, c.Lines, c.Lines.Sum(line => line.Quantity * line.UnitPrice));
        return (new Placed(id, "Placed", 1), MartenOps.StartStream<Order>(id, placed));
    }
}

public static class TaxHandler
{
    private const decimal Rate = 0.1025m;

    [AggregateHandler]
    public static TaxCalculated? Handle(CalculateTax c, Order order)
    {
        if (order is not { Status: "Placed", Placed: { } placed })
            return null;
        var tax = Math.Round(placed.Subtotal * Rate, 2);
        return new TaxCalculated(
            $"{placed.ShipTo.Country}-{placed.ShipTo.Region}", Rate, new DateOnly(2026, 1, 1), placed.Currency, placed.Subtotal, tax, placed.Subtotal + tax);
    }
}

public static class TaxAuditHandler
{
    public static void Handle(RecordTax c, IDocumentSession session) =>
        session.Insert(new TaxAuditRecord { Id = c.EventId, OrderId = c.OrderId, Tax = c.Tax, At = c.At });
}

public static class PaymentHandler
{
    [AggregateHandler]
    public static PaymentCaptured? Handle(CapturePayment c, Order order) =>
        order is { Status: "Taxed", Tax: { } tax } ? new PaymentCaptured($"pay_{order.Id:N}", tax.Currency, tax.Total) : null;
}

public static class FulfillmentHandler
{
    [AggregateHandler]
    public static OrderShipped? Handle(ShipOrder c, Order order) => order.Status == "Paid" ? new OrderShipped("UPS", $"1Z{order.Id:N}") : null;
}

public static class NotificationHandler
{
    [AggregateHandler]
    public static CustomerNotified? Handle(NotifyCustomer c, Order order) => order is { Status: "Shipped", Placed: { } placed }
        ? new CustomerNotified("Shipped", "mail", placed.Email, $"Your order {order.Id} is on its way", $"<{order.Id:N}.shipped@example.org>")
        : null;
}
