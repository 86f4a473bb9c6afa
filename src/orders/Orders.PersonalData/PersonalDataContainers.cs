using Orders.Hosting;

namespace Orders.PersonalData;

/// <summary>Where keys are kept.</summary>
public static class PersonalDataContainers
{
    /// <summary>What seals the personal data of each customer.</summary>
    public static ContainerDefinition CustomerKeys { get; } = new("customer-keys", "/id");

    /// <summary>Which customers have used which addresses: see <see cref="AddressUse"/>.</summary>
    public static ContainerDefinition CustomerAddresses { get; } = new("customer-addresses", "/key") { GrowsWithOrders = true };
}
