using System.Diagnostics;
using OrderPipeline.Contracts;
using OrderPipeline.EventStore;
using static OrderPipeline.Testing.OrderStream;

namespace OrderPipeline.ServiceDefaults.Tests;

public sealed class TracesTests
{
    private static readonly ActivitySource Caller = new("OrderPipeline.Tests");

    [Fact]
    public async Task A_service_at_rest_makes_no_trace()
    {
        await using var service = await TracedService.StartAsync();

        await service.RestAsync();

        service.Spans.Select(Describe).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_setting_traces_what_happens_at_rest_as_well()
    {
        await using var service = await TracedService.StartAsync(("Telemetry:TraceBackground", "true"));

        await service.RestAsync();

        var roots = service.Spans.Where(span => span.Parent is null).ToList();
        roots.ShouldContain(span => span.Source.Name == "Azure.Cosmos.Operation");
        roots.ShouldContain(span => span.Kind == ActivityKind.Server && span.DisplayName.Contains("/health"));
    }

    [Fact]
    public async Task What_a_service_does_about_an_event_is_in_the_trace_of_the_event()
    {
        await using var service = await TracedService.StartAsync();
        await service.RestAsync();
        string id;
        using (Caller.StartActivity("POST /orders", ActivityKind.Server))
            id = await service.Service.AppendAsync(Placed());

        await service.Service.StreamEndingWithAsync<TaxCalculated>(id);
        await ServiceOnStore<Program>.EventuallyAsync(() => Task.FromResult(service.Spans.Any(span => span.DisplayName == "process tax")));

        var spans = service.Spans;
        var request = spans.Single(span => span.DisplayName == "POST /orders");
        var placed = spans.Single(span => span.DisplayName == "append OrderPlaced");
        var process = spans.Single(span => span.DisplayName == "process tax");
        var taxed = spans.Single(span => span.DisplayName == "append TaxCalculated");
        (placed.ParentSpanId, process.ParentSpanId, taxed.ParentSpanId).ShouldBe((request.SpanId, placed.SpanId, process.SpanId));
        spans.Where(span => span.TraceId != request.TraceId).Select(Describe).ShouldBeEmpty();
        ShouldTell(placed, id, nameof(OrderPlaced), 0);
        ShouldTell(process, id, nameof(OrderPlaced), 0);
        ShouldTell(taxed, id, nameof(TaxCalculated), 1);

        // One span for what the store does, not two.
        var write = spans.Single(span => span.ParentSpanId == taxed.SpanId);
        write.Source.Name.ShouldBe("Azure.Cosmos.Operation");
        write.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").ShouldBe(["?"]);
        spans.ShouldNotContain(span => span.Source.Name == "System.Net.Http");
    }

    private static void ShouldTell(Activity span, string stream, string type, long version)
    {
        span.GetTagItem(EventStoreTelemetry.StreamId).ShouldBe(stream);
        span.GetTagItem(EventStoreTelemetry.EventType).ShouldBe(type);
        span.GetTagItem(EventStoreTelemetry.EventVersion).ShouldBe(version);
    }

    private static string Describe(Activity span) => $"{span.Source.Name}: {span.DisplayName} {string.Join(' ', span.TagObjects)}";
}
