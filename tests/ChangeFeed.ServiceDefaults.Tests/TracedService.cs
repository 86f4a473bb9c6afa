using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace ChangeFeed.ServiceDefaults.Tests;

/// <summary>The tax service on a store of its own, what it exports, and what the store charged it for.</summary>
internal sealed class TracedService : IAsyncDisposable
{
    private readonly MeterListener _meters = new();
    private readonly Exported<Activity> _spans = new();
    private readonly Exported<LogRecord> _logs = new();

    private TracedService()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.Meter.Name.StartsWith("ChangeFeed.", StringComparison.Ordinal)
                && !instrument.Meter.Name.StartsWith("Orders.", StringComparison.Ordinal))
                return;
            Instruments.Enqueue(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured.Enqueue(new(instrument.Name, value, tags)));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured.Enqueue(new(instrument.Name, value, tags)));
        _meters.Start();
    }

    public ServiceOnStore<Program> Service { get; } = new();

    public ConcurrentQueue<Instrument> Instruments { get; } = new();

    public ConcurrentQueue<Measured> Measured { get; } = new();

    /// <summary>The spans of the service. The store answers in this process, and has none where it is one of its own.</summary>
    public IReadOnlyList<Activity> Spans => _spans
        .Where(span => span.GetTagItem("user_agent.original") is not string agent || span.Kind != ActivityKind.Server
            || !agent.StartsWith("cosmos-netstandard-sdk", StringComparison.Ordinal))
        .ToList();

    public IReadOnlyList<LogRecord> Logs => _logs.ToList();

    public static async Task<TracedService> StartAsync(params (string Name, string Value)[] settings)
    {
        var traced = new TracedService();
        traced.Service.Settings["OTEL_TRACES_SAMPLER"] = "always_on"; // as app hosts set it
        foreach (var (name, value) in settings)
            traced.Service.Settings[name] = value;
        traced.Service.Additions = services => services
            .ConfigureOpenTelemetryTracerProvider(traces => traces.AddInMemoryExporter(traced._spans))
            .AddLogging(logging => logging.AddOpenTelemetry(logs => logs.AddInMemoryExporter(traced._logs)));
        await ((IAsyncLifetime)traced.Service).InitializeAsync();
        traced.Service.CreateClient();
        return traced;
    }

    /// <summary>Waits until the service has done all that it does at rest, and has answered probes.</summary>
    public async Task RestAsync()
    {
        string[] routine = ["leases replace_item", "leases query_items", "events query_change_feed", "controls upsert_item", "controls read_item"];
        using var http = Service.CreateClient();
        await Eventually.UntilAsync(() => Task.FromResult(routine.All(Requests.Contains)));
        Measured.Clear();
        await Eventually.UntilAsync(async () =>
        {
            (await http.GetAsync("/alive", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            return (await http.GetAsync("/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode && Requests.Count() >= 10;
        });
    }

    private IEnumerable<string> Requests => Measured
        .Where(m => m.Instrument == "store.request_charge").Select(m => $"{m.Tags["db.collection.name"]} {m.Tags["db.operation.name"]}");

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _meters.Dispose();
    }
}

internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    public Measured(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        : this(instrument, value, tags.ToArray().ToDictionary())
    {
    }
}
