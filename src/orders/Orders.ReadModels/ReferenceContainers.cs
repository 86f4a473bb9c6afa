using Orders.Hosting;

namespace Orders.ReadModels;

/// <summary>Reference data: see <see cref="IReferenceDocument"/>.</summary>
public static class ReferenceContainers
{
    /// <summary>See <see cref="CustomerDocument"/>.</summary>
    public static ContainerDefinition Customers { get; } =
        new("customers", "/id") { DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn };

    /// <summary>See <see cref="ProductDocument"/>.</summary>
    public static ContainerDefinition Products { get; } =
        new("products", "/id") { DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn };
}
