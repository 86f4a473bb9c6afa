using Orders.Hosting;

namespace Orders.ReadModels;

/// <summary>The records of erasures.</summary>
public static class ErasureContainers
{
    /// <summary>How far erasures are, and what was deleted of them: <see cref="ErasureDocument"/> and <see cref="DeletionDocument"/>.</summary>
    public static ContainerDefinition Erasures { get; } = new("erasures", "/customerId");
}
