namespace Orders.Sinks.Tests.Support;

/// <summary>Tests on one broker, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RabbitCollection : ICollectionFixture<RabbitBroker>
{
    public const string Name = "RabbitMQ";
}
