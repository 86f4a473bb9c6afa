using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;
using Orders.PersonalData;

namespace Orders.Payment;

/// <summary>The decisions together with the calls they ask for. May be called again with a newer state, hence the keys.</summary>
public sealed class PaymentReactions(IPaymentGateway gateway, PersonalDataProtector personal)
{
    public async ValueTask<IReadOnlyList<object>> WhenTaxCalculatedAsync(
        RecordedEvent cause, OrderState order, CancellationToken cancellationToken)
    {
        if (order is { Status: OrderStatus.Taxed, Placed: { } placed })
            order = order with { Placed = await personal.RevealAsync(placed, cancellationToken) };
        return PaymentDecisions.WhenTaxCalculated(cause, order) switch
        {
            ({ } capture, _) => PaymentDecisions.AfterCapture(
                order, await Concealed.FromAsync(order.Placed!, () => gateway.CaptureAsync(capture, cancellationToken))),
            (_, { } withdraw) => PaymentDecisions.AfterCapture(order, await gateway.WithdrawAsync(withdraw, cancellationToken)),
            _ => [],
        };
    }

    public async ValueTask<IReadOnlyList<object>> WhenMoneyIsOwedAsync(
        RecordedEvent cause, OrderState order, CancellationToken cancellationToken)
    {
        return PaymentDecisions.WhenMoneyIsOwed(cause.StreamId, order) is { } refund
            ? [PaymentDecisions.AfterRefund(refund, await gateway.RefundAsync(refund, cancellationToken), order)]
            : [];
    }
}
