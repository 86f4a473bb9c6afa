using Orders.Hosting;

namespace Orders.TaxAudit;

/// <summary>What the service is made of.</summary>
public static class TaxAuditWorker
{
    /// <summary>Keeps a record of every tax.</summary>
    public static Worker Worker { get; } = new(
        "tax-audit",
        builder =>
        {
            builder.Services.AddContainers(TaxAuditContainers.TaxAudit);
            builder.Services.AddSingleton(services =>
                new TaxAuditStore(services.GetRequiredService<OrdersDatabase>().Get(TaxAuditContainers.TaxAudit)));
        },
        (feed, _) => feed.Endpoint("tax-audit", endpoint => endpoint.AddConsumer<RecordTax>()));
}
