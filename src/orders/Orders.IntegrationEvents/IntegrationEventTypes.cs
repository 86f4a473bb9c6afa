using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orders.IntegrationEvents;

/// <summary>A type of integration event, in one version of its schema.</summary>
/// <param name="Name">Its name and version, such as <c>order.placed.v1</c>; also that of the file with its schema.</param>
/// <param name="Json">Metadata of the data.</param>
public sealed record IntegrationEventType(string Name, JsonTypeInfo Json)
{
    /// <summary>The <c>type</c> of the CloudEvent.</summary>
    public string CloudEventType => $"example.order-pipeline.{Name}";

    /// <summary>The <c>dataschema</c> of the CloudEvent.</summary>
    public Uri Schema => new($"https://order-pipeline.example/schemas/{Name}.json");
}

/// <summary>Every type of integration event.</summary>
public static class IntegrationEventTypes
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<IntegrationEventType> All { get; } =
    [
        new("order.placed.v1", IntegrationEventsJson.Default.OrderPlacedV1),
        new("order.paid.v1", IntegrationEventsJson.Default.OrderPaidV1),
        new("order.shipped.v1", IntegrationEventsJson.Default.OrderShippedV1),
        new("order.ended.v1", IntegrationEventsJson.Default.OrderEndedV1),
        new("order.customer-erased.v1", IntegrationEventsJson.Default.OrderCustomerErasedV1),
    ];

    /// <summary>The type of an event.</summary>
    /// <param name="e">The event.</param>
    public static IntegrationEventType Of(IIntegrationEvent e) => All.Single(type => type.Json.Type == e.GetType());

    /// <summary>Reads the data of a CloudEvent; null where this build does not know the type, which is for a consumer to pass over.</summary>
    /// <param name="cloudEventType">The <c>type</c>.</param>
    /// <param name="data">The <c>data</c>.</param>
    /// <exception cref="JsonException">The data is not what the type says.</exception>
    public static IIntegrationEvent? Read(string cloudEventType, JsonElement data) =>
        All.FirstOrDefault(type => type.CloudEventType == cloudEventType) is { } known ? (IIntegrationEvent?)data.Deserialize(known.Json) : null;
}
