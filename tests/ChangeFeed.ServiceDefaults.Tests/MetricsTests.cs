using System.Diagnostics.Metrics;
using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace ChangeFeed.ServiceDefaults.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Every_instrument_tells_its_unit_and_what_it_measures()
    {
        await using var service = await TracedService.StartAsync();
        await service.Service.StreamEndingWithAsync<TaxCalculated>(await service.Service.AppendAsync(Placed()));
        // Some are made when an event has been handled, a moment after what it led to is in the stream.
        await Eventually.UntilAsync(() => Task.FromResult(service.Measured.Any(m => m.Instrument == "changefeed.events.handled")));

        service.Instruments.Select(instrument => instrument.Name).Distinct().Order().ShouldBe(
        [
            "changefeed.endpoint.paused", "changefeed.event.age", "changefeed.events.blocking", "changefeed.events.failed",
            "changefeed.events.handled", "changefeed.events.in_flight", "changefeed.events.parked", "changefeed.events.retries",
            "changefeed.events.unknown_type", "changefeed.kill_switch.state", "changefeed.lag.age", "changefeed.lag.transactions",
            "changefeed.leases.owned", "changefeed.streams.parked", "eventstore.append.conflicts", "eventstore.events.appended",
            "eventstore.snapshots", "messaging.process.duration", "store.request_charge",
        ]);
        foreach (var instrument in service.Instruments)
        {
            instrument.Unit.ShouldNotBeNullOrEmpty(instrument.Name);
            instrument.Unit.ShouldMatch(@"^(1|s|\{[a-z_]+\})$", instrument.Name);
            instrument.Description.ShouldNotBeNullOrEmpty(instrument.Name);
            instrument.Description.ShouldEndWith(".", Case.Sensitive, instrument.Name);
        }
    }

    [Fact]
    public async Task What_a_service_handles_appends_and_costs_is_counted()
    {
        await using var service = await TracedService.StartAsync();
        var id = await service.Service.AppendAsync(Placed());
        await service.Service.StreamEndingWithAsync<TaxCalculated>(id);
        await Eventually.UntilAsync(() => Task.FromResult(Sum("changefeed.events.handled") == 1));

        Sum("eventstore.events.appended", ("eventstore.event.type", nameof(TaxCalculated))).ShouldBe(1);
        Sum("changefeed.events.handled", ("messaging.destination.name", "tax"), ("eventstore.event.type", nameof(OrderPlaced))).ShouldBe(1);
        Sum("store.request_charge", ("db.collection.name", "events"), ("db.operation.name", "create_item")).ShouldBeGreaterThan(10);

        double Sum(string instrument, params (string Name, object? Value)[] tags) => service.Measured
            .Where(m => m.Instrument == instrument && tags.All(tag => Equals(m.Tags[tag.Name], tag.Value))).Sum(m => m.Value);
    }
}
