using Orders.Hosting;

namespace Orders.TaxAudit;

/// <summary>What tax audit keeps.</summary>
public static class TaxAuditContainers
{
    /// <summary>Audit records by period: jurisdiction and month.</summary>
    public static ContainerDefinition TaxAudit { get; } = new("tax-audit", "/period") { GrowsWithOrders = true };
}
