using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using ChangeFeed.Sinks.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Archive;
using Orders.Contracts;

namespace Orders.Sinks.Tests.Support;

/// <summary>The archive, read back by its log alone. It has events, and of each stream all of them.</summary>
internal abstract class ArchiveOutside(ArchiveLocation location) : SinkOutside
{
    public ArchiveLocation Location => location;

    public override EventTypeMap Types => OrderEvents.Map;

    // Events stay, as in the store: what is personal in them is sealed, and goes with its key. ArchiveTests says so.
    public override object? Erase => null;

    public override object Begin(int n) => OrdersGiven.Begin(n);

    public override object Continue(int version) => OrdersGiven.Continue(version);

    public override Sink Define(Trouble trouble, SinkOptions options, int generation) => Sink.OfDeliveries(
        ArchiveTable.Endpoint,
        _ => trouble.Around(
            new ArchiveSink(Table(generation), OrderEvents.Map, NullLogger<ArchiveSink>.Instance), delivered => delivered.Event.StreamId),
        options,
        generation);

    public override async Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation)
    {
        try
        {
            return Texts(await EventsAsync(Table(generation)));
        }
        catch (Exception e) when (e is TableStorageException or DeltaTableException)
        {
            return new Dictionary<string, string>(); // it is away
        }
    }

    public override IReadOnlyDictionary<string, string> Expected(IEnumerable<IReadOnlyList<RecordedEvent>> streams) =>
        Texts(streams.SelectMany(stream => stream));

    /// <summary>Every event of a table.</summary>
    public static async Task<List<RecordedEvent>> EventsAsync(DeltaTable table)
    {
        var events = new List<RecordedEvent>();
        if (await table.FindAsync(TestContext.Current.CancellationToken) is not { } snapshot)
            return events;
        foreach (var file in snapshot.Files)
        {
            await foreach (var row in table.ReadAsync(snapshot, file, ArchiveRow.Columns, TestContext.Current.CancellationToken))
                events.Add(ArchiveRow.Read(row, OrderEvents.Map));
        }

        return [.. events.OrderBy(e => e.StreamId, StringComparer.Ordinal).ThenBy(e => e.Version)];
    }

    protected DeltaTable Table(int generation) => location.Table(generation, TimeProvider.System, "test");

    // An event that is there twice is twice in the text.
    private static Dictionary<string, string> Texts(IEnumerable<RecordedEvent> events) => events.GroupBy(e => e.StreamId).ToDictionary(
        stream => stream.Key,
        stream => string.Join(' ', stream.Select(e => System.Text.Encoding.UTF8.GetString(
            EventDocument.Write(ArchiveVerification.Comparable(e, OrderEvents.Map), OrderEvents.Map)))));
}

/// <summary>In a directory. It is down while something else has its place.</summary>
internal sealed class DirectoryArchive : ArchiveOutside
{
    private readonly TemporaryDirectory _directory;

    public DirectoryArchive()
        : this(new TemporaryDirectory())
    {
    }

    private DirectoryArchive(TemporaryDirectory directory)
        : base(new ArchiveLocation(directory.Path, "", "")) => _directory = directory;

    private string Events => _directory.File("events");

    public override Task TakeDownAsync()
    {
        // Whoever is writing holds a directory open; the rename is one step, and then there is no directory to write to.
        Directory.Move(Events, _directory.File("away"));
        File.WriteAllText(Events, "in the way");
        return Task.CompletedTask;
    }

    public override Task BringBackAsync()
    {
        File.Delete(Events);
        Directory.Move(_directory.File("away"), Events);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>In Azurite.</summary>
internal sealed class AzuriteArchive(Azurite azurite) : ArchiveOutside(new ArchiveLocation("", azurite.ConnectionString, "archive"))
{
    public override Task TakeDownAsync() => azurite.TakeDownAsync();

    public override Task BringBackAsync()
    {
        azurite.BringBack();
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => azurite.DisposeAsync();
}
