using System.Globalization;
using Bench.Harness;
using Bench.Pipeline.Tracing;

namespace Bench.Pipeline;

/// <summary>
/// The real system once more, sending its telemetry, that of its background included: what that costs, and from the spans where the time of an order goes in
/// every step
/// from one event to the next.
/// </summary>
internal sealed class TraceFigure : IFigure<PipelineSetup>
{
    private const string Figure = "order, alone";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public string Name => "trace";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PipelineSetup setup, CancellationToken stop)
    {
        if (setup.Options.SubjectIsFloor)
            return [Measurement.Skipped(Figure, setup.Subject.Name, "the bare chain has no telemetry")];
        await using var collector = await SpanCollector.StartAsync();
        await using var traced = await RealSystem.StartAsync(
            "with telemetry",
            setup.Directory.Sub("traced"),
            setup.Options.Application,
            new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["Telemetry__TraceBackground"] = "true" },
            stop);
        IOrderPipeline[] both = [setup.Subject, traced];
        await PipelineSetup.WarmAsync(traced, setup.Options, stop);
        collector.Take();

        var orders = 0;
        var series = await Rounds.RunAsync(both, setup.Options.Quick ? 4 : 10, async pipeline =>
        {
            var samples = await RunOrdersAsync(pipeline);
            orders += pipeline == traced ? samples.Count : 0;
            return samples;
        }, stop);
        await Task.Delay(TimeSpan.FromSeconds(3), stop); // services send what they have once a second
        var spans = collector.Take();

        var leases = spans.Where(s => s.Container == "leases").ToList();

        var ratio = series.Ratio(traced, setup.Subject, s => s.P50);
        return
        [
            Measurement.Of(Figure, setup.Subject.Name, series.All(setup.Subject)),
            Measurement.Of(Figure, traced.Name, series.All(traced)) with { Ratio = ratio, RatioTo = setup.Subject.Name },
            .. Steps(spans),
            PerOrder("operations of the store", spans.Count(s => s.Container is not null), orders),
            PerOrder("  of them for checkpoints and leases", leases.Count, orders),
            new Measurement(
                "  checkpoint",
                "leases, all endpoints") { Value = string.Create(
                CultureInfo.InvariantCulture, $"{leases.Sum(s => s.Micros) / 1000 / Math.Max(1, orders):0.0} ms per order") },
        ];
    }

    private static async Task<Samples> RunOrdersAsync(IOrderPipeline pipeline) => await Rounds.TimeAsync(10, async () =>
    {
        await Task.Delay(Pause);
        await pipeline.RunOrderAsync();
    });

    /// <summary>Over all events and services: every consumer that is called because of an append.</summary>
    private static IEnumerable<Measurement> Steps(IReadOnlyCollection<Span> spans)
    {
        var byId = spans.DistinctBy(s => s.Id).ToDictionary(s => s.Id);
        var children = spans.ToLookup(s => s.Parent);
        Samples append = new(), feed = new(), decision = new();
        foreach (var process in spans.Where(s => s.Name.StartsWith("process ", StringComparison.Ordinal)))
        {
            if (!byId.TryGetValue(process.Parent, out var cause) || !IsAppend(cause))
                continue;
            feed.Add(((double)process.Start - cause.End) / 1e3);
            foreach (var effect in children[process.Id].Where(IsAppend))
                decision.Add((effect.Start - process.Start) / 1e3);
        }

        foreach (var span in spans.Where(IsAppend))
            append.Add(span.Micros);
        return
        [
            Measurement.Of("  append", "call → answer", append),
            Measurement.Of("  feed", "answer → consumer's endpoint", feed),
            Measurement.Of("  decision", "endpoint → its append", decision),
        ];
    }

    private static bool IsAppend(Span span) => span.Name.StartsWith("append ", StringComparison.Ordinal);

    private static Measurement PerOrder(string what, int count, int orders) => new(what, "with telemetry")
    {
        Value = string.Create(CultureInfo.InvariantCulture, $"{(double)count / Math.Max(1, orders):0.0} per order"),
    };
}
