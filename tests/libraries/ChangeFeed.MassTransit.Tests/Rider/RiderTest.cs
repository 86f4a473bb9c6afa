using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.MassTransit.Tests.Rider;

/// <summary>A rider fed from memory, and what its consumers saw.</summary>
public abstract class RiderTest
{
    private protected readonly InMemoryFeed _feed = new(4);
    private protected readonly Seen _seen = new();

    private protected static IEnumerable<System.Text.Json.JsonElement> Things(string stream, int count) =>
        Enumerable.Range(0, count).Select(i => TestEvents.Document(stream, i, new ThingHappened(i)));

    private protected Task<RiderHost> StartAsync(
        Action<ChangeFeedEndpointConfigurator> configure,
        InMemoryParking? parking = null,
        Func<InMemorySource>? source = null,
        Action<ChangeFeedConfigurator>? feed = null,
        Action<IServiceCollection>? services = null) =>
        RiderHost.StartAsync(
            source ?? (() => new InMemorySource(_feed)), configure, parking, before => before.AddSingleton(_seen), feed, services);
}
