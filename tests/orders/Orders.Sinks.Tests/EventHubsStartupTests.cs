using ChangeFeed.ServiceDefaults;
using Orders.Outward;
using Orders.Sinks.Tests.Support;

namespace Orders.Sinks.Tests;

/// <summary>What is wrong with the event hub is one sentence at start.</summary>
public sealed class EventHubsStartupTests : IAsyncDisposable
{
    private readonly AmqpHub _hub = new((_, _) => { });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task One_that_is_not_there_is_named_by_its_setting() =>
        (await Should.ThrowAsync<StartupException>(StartAsync)).Message
            .ShouldStartWith("The event hub 'order-events' at ConnectionStrings:event-hubs does not answer: ");

    [Fact]
    public async Task A_key_that_is_refused_is_named_by_its_setting()
    {
        _hub.LetsIn = false;
        _hub.Start();

        (await Should.ThrowAsync<StartupException>(StartAsync)).Message
            .ShouldStartWith("The event hub 'order-events' at ConnectionStrings:event-hubs does not let this service in: ");
        _hub.LetsIn = true;
        await StartAsync();
    }

    private Task StartAsync() => new EventHubsStartup(new EventHubsOptions { ConnectionString = _hub.ConnectionString }, [1]).StartAsync(Stop);
}
