using System.Diagnostics;
using System.Globalization;
using ChangeFeed.EventStore;
using ChangeFeed.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace ChangeFeed.ServiceDefaults.Tests;

public sealed class TracesTests
{
    private static readonly ActivitySource Caller = new("ChangeFeed.Tests");

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
        await Eventually.UntilAsync(() => Task.FromResult(service.Spans.Any(span => span.DisplayName == "process tax")));

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
        write.GetTagItem("db.operation.name").ShouldBe("create_item");
        write.GetTagItem("db.collection.name").ShouldBe("events");
        $"{write.GetTagItem("db.response.status_code")}".ShouldBe("201");
        Convert.ToDouble(write.GetTagItem("azure.cosmosdb.request.request_charge"), CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        spans.ShouldNotContain(span => span.Source.Name == "System.Net.Http");
    }

    [Theory]
    [InlineData("/orders", "application/json", true)]
    [InlineData("/healthy-food", "*/*", true)]
    [InlineData("/health", "*/*", false)]
    [InlineData("/alive", "*/*", false)]
    [InlineData("/live/orders", "text/event-stream", false)]
    public void Probes_and_connections_that_stay_open_are_no_requests_of_people(string path, string accept, bool asked)
    {
        var http = new DefaultHttpContext();
        http.Request.Path = path;
        http.Request.Headers.Accept = accept;

        TelemetryFilters.IsAskedFor(http).ShouldBe(asked);
    }

    [Fact]
    public async Task A_setting_that_is_neither_on_nor_off_is_named()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Telemetry:TraceBackground"] = "sometimes";
        builder.Configuration["ConnectionStrings:cosmos"] = "http://127.0.0.1:1";
        builder.AddServiceDefaults("any");
        var errors = Console.Error;
        using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            (await builder.RunServiceAsync(_ => { })).ShouldBe(1);
        }
        finally
        {
            Console.SetError(errors);
        }

        said.ToString().Trim().ShouldContain("'Telemetry:TraceBackground'");
        said.ToString().ShouldNotContain("   at ");
    }

    private static void ShouldTell(Activity span, string stream, string type, long version)
    {
        span.GetTagItem(EventStoreTelemetry.StreamId).ShouldBe(stream);
        span.GetTagItem(EventStoreTelemetry.EventType).ShouldBe(type);
        span.GetTagItem(EventStoreTelemetry.EventVersion).ShouldBe(version);
    }

    private static string Describe(Activity span) => $"{span.Source.Name}: {span.DisplayName} {string.Join(' ', span.TagObjects)}";
}
