using Orders.Hosting;

namespace Orders.Views.Tests.Recipe;

/// <summary>The line of the recipe for the container, where the compiler sees it; the rest is as in <see cref="ReadModels.ViewContainers"/>.</summary>
internal static class RecipeContainers
{
    public static ContainerDefinition DeclinedPayments { get; } = View("declined-payments", "/customerId");

    private static ContainerDefinition View(string name, string partitionKey) =>
        new(name, partitionKey) { DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn, GrowsWithOrders = true };
}
