using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using MassTransit;
using Orders.Contracts;

namespace Orders.TaxAudit;

/// <summary>Keeps the books: tax when it is charged, and again when it goes back.</summary>
public sealed class RecordTax(CosmosEventStore store, TaxAuditStore records, ILogger<RecordTax> logger)
    : IConsumer<TaxCalculated>, IConsumer<PaymentRefunded>
{
    public Task Consume(ConsumeContext<TaxCalculated> context) =>
        AddAsync(TaxAuditDecisions.Charged(context.Recorded(), context.Message), context.CancellationToken);

    public async Task Consume(ConsumeContext<PaymentRefunded> context)
    {
        var e = context.Recorded();
        var tax = await TaxOfAsync(e, context.CancellationToken);
        await AddAsync(TaxAuditDecisions.Refunded(e, context.Message, tax), context.CancellationToken);
    }

    private async Task AddAsync(TaxAuditRecord record, CancellationToken cancellationToken)
    {
        var added = await records.AddAsync(record, cancellationToken);
        logger.LogInformation(
            "Order {StreamId}: {Type} at version {Version} recorded in {Period}{Again}",
            record.OrderId, record.Type, record.Version, record.Period, added ? "" : ", done before");
    }

    private async Task<TaxCalculated> TaxOfAsync(RecordedEvent refund, CancellationToken cancellationToken)
    {
        await foreach (var e in store.ReadAsync(refund.StreamId, toVersion: refund.Version, cancellationToken: cancellationToken))
            if (e.Data is TaxCalculated tax)
                return tax;

        // Money is only refunded after tax was calculated, so it is the read that is behind.
        throw new StaleReadException(refund.StreamId, refund.Version);
    }
}
