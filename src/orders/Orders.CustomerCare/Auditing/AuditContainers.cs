using Orders.Hosting;

namespace Orders.CustomerCare.Auditing;

/// <summary>What customer care keeps of itself.</summary>
internal static class AuditContainers
{
    /// <summary>Who did what in customer care, and who looked at personal data.</summary>
    public static ContainerDefinition CareAudit { get; } = new("care-audit", "/subject")
    {
        Indexed = ["/at/?", "/sequence/?", "/subject/?", "/who/?"],
        GrowsWithOrders = true,
    };
}
