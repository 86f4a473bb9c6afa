using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orders.Outward;
using Orders.Sinks.Tests.Support;

namespace Orders.Sinks.Tests;

/// <summary>What is wrong with the broker is one sentence at start.</summary>
[Collection(RabbitCollection.Name)]
public sealed class BusStartupTests(RabbitBroker broker)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_does_not_answer_is_named_by_its_setting()
    {
        // Every look at the clock takes longer than anybody waits.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };
        var startup = Startup($"amqp://127.0.0.1:{LoopbackPorts.Free()}/", time);

        (await Should.ThrowAsync<StartupException>(() => startup.StartAsync(Stop))).Message
            .ShouldStartWith("The broker at ConnectionStrings:bus does not answer within 15 s: ");
    }

    [Fact]
    public async Task A_password_that_is_refused_is_named_by_its_setting_at_once()
    {
        Assert.SkipUnless(RabbitBroker.IsInstalled, "There is no rabbitmq-server; .ci/run installs it.");
        var startup = Startup($"amqp://guest:wrong@127.0.0.1:{broker.Port}/", TimeProvider.System);

        (await Should.ThrowAsync<StartupException>(() => startup.StartAsync(Stop))).Message
            .ShouldBe("The broker at ConnectionStrings:bus does not let this service in: user or password is wrong, or may not use the virtual host.");
        await Startup(broker.Address, TimeProvider.System).StartAsync(Stop);
    }

    private static BusStartup Startup(string address, TimeProvider time) =>
        new(new BusOptions { ConnectionString = address }, time, NullLogger<BusStartup>.Instance);
}
