using Bench.Harness;
using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Sinks;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Archive;
using Orders.Cache;
using Orders.Contracts;
using Orders.Outward;
using Orders.SearchIndex;
using StackExchange.Redis;

namespace Bench.Sinks;

/// <summary>A sink to measure: each time on an outside of its own, empty at first.</summary>
/// <param name="Name">Its name for <c>--only</c>.</param>
/// <param name="Missing">Why it cannot be measured here; null where it can.</param>
internal abstract record SinkSubject(string Name, string? Missing = null)
{
    /// <summary>Those there are.</summary>
    /// <param name="directory">Where those that are files are.</param>
    /// <param name="services">Of the bench, with what reaches the servers.</param>
    public static IReadOnlyList<SinkSubject> All(WorkDirectory directory, IServiceProvider services)
    {
        var cache = services.GetService<IConnectionMultiplexer>();
        var bus = services.GetService<IOutwardBus>();
        return
        [
            Documents("search", new SearchIndexProjection(), n => new SqliteSearchSink(SearchIndexFile.In(directory.Sub("search"), n))),
            Events("archive", n => new ArchiveSink(
                new DeltaTable(new LocalTableStorage(directory.Sub($"archive-{n}")), TimeProvider.System, "bench"),
                OrderEvents.Map,
                NullLogger<ArchiveSink>.Instance)),
            Documents("cache", new OrderCacheProjection(), n => new RedisOrderSink(cache!, new CacheOptions(), n), cache is null ? Unset("cache") : null),
            Documents("bus", new OutwardProjection(OutwardProjection.Bus), services.OutwardBusSink, bus is null ? Unset("bus") : null),
        ];
    }

    /// <summary>Runs a sink on all that is given, as an endpoint and then by its client alone, each on an empty outside.</summary>
    /// <param name="number">Another one for each round.</param>
    /// <param name="orders">How many orders there are.</param>
    /// <param name="run">Feeds the sink from its beginning until the task ends.</param>
    public abstract Task<SinkRound> RunAsync(int number, int orders, Func<Sink, Task<long>, Task<SinkRun>> run, CancellationToken stop);

    private static string Unset(string name) => $"set ConnectionStrings__{name} to the address of a server";

    private static SinkSubject Documents<TDocument>(
        string name, IProjection<TDocument> projection, Func<int, ISink<SinkDocument<TDocument>>> create, string? missing = null)
        where TDocument : class => new Subject<SinkDocument<TDocument>>(
            name, document => (document.Key, document.Version), create,
            (sink, number) => Sink.OfDocuments(projection, _ => sink, generation: number), missing);

    private static SinkSubject Events(string name, Func<int, ISink<DeliveredEvent>> create) => new Subject<DeliveredEvent>(
        name, delivered => (delivered.Event.StreamId, delivered.Event.Version), create,
        (sink, number) => Sink.OfDeliveries(name, _ => sink, new SinkOptions { BatchSize = 500, BatchDelay = TimeSpan.FromSeconds(1) }, number), null);

    private sealed record Subject<TItem>(
        string Name, Func<TItem, (string Order, long Version)> PlaceOf, Func<int, ISink<TItem>> Create, Func<ISink<TItem>, int, Sink> Define, string? Missing)
        : SinkSubject(Name, Missing)
    {
        public override async Task<SinkRound> RunAsync(int number, int orders, Func<Sink, Task<long>, Task<SinkRun>> run, CancellationToken stop)
        {
            using var recorded = new RecordedSink<TItem>(Create(2 * number), PlaceOf, orders, Views.OrderHistory.Events - 1);
            var fed = await run(Define(recorded, 2 * number), recorded.All);

            var straight = Create(2 * number + 1);
            using var _ = straight as IDisposable;
            var alone = await SinkRun.MeasureAsync(async () =>
            {
                foreach (var batch in recorded.Batches)
                    await straight.WriteAsync(batch, stop);
            });
            return new SinkRound(fed, alone, recorded.Batches.Sum(batch => batch.Count), recorded.Batches.Count);
        }
    }
}

/// <summary>What a run took.</summary>
/// <param name="Time">From its beginning to the last that was safe.</param>
/// <param name="Processor">Of the bench, in which it ran.</param>
internal readonly record struct SinkRun(TimeSpan Time, TimeSpan Processor)
{
    public static async Task<SinkRun> MeasureAsync(Func<Task> run)
    {
        var (processor, start) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        await run();
        return new SinkRun(TimeProvider.System.GetElapsedTime(start), Environment.CpuUsage.TotalTime - processor);
    }
}

/// <summary>A sink fed from the change feed, and the same batches written by its client alone.</summary>
internal sealed record SinkRound(SinkRun Fed, SinkRun Alone, int Documents, int Batches);
