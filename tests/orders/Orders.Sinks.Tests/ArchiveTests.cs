using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using ChangeFeed.Sinks.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Archive;
using Orders.Contracts;
using Orders.PersonalData;
using Orders.Sinks.Tests.Support;
using Orders.Testing;

namespace Orders.Sinks.Tests;

/// <summary>The archive: each event once, whichever way it comes; sealed as it was; and in the schema of today.</summary>
public sealed class ArchiveTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DeltaTable _table;

    public ArchiveTests() => _table = Table();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_event_that_comes_again_by_a_range_that_was_split_is_there_once()
    {
        var events = Stream(4);
        using var parent = Sink();
        await WriteAsync(parent, "0", 10, events[..3]);
        using var child = Sink(); // owns what the parent's range became; its numbers say nothing about the parent's

        await WriteAsync(child, "1", 4, events[1..]);
        await WriteAsync(parent, "0", 10, events); // and the parent's last batch once more, late

        (await ArchiveOutside.EventsAsync(_table)).Select(e => e.Version).ShouldBe([0L, 1, 2, 3]);
        (await _table.FindAsync(Stop))!.Transactions.ShouldBe(new Dictionary<string, long> { ["archive/0"] = 12, ["archive/1"] = 6 }, ignoreOrder: true);
    }

    [Fact]
    public async Task An_event_that_is_in_a_batch_twice_is_there_once()
    {
        var events = Stream(3);
        using var sink = Sink();

        await WriteAsync(sink, "0", 1, [.. events, .. Stream(2)]);

        (await ArchiveOutside.EventsAsync(_table)).Select(e => e.Version).ShouldBe([0L, 1, 2]);
    }

    [Fact]
    public async Task What_was_parked_comes_late_and_is_written_and_moves_no_mark_back()
    {
        using var sink = Sink();
        await WriteAsync(sink, "0", 100, Stream(1));
        var parked = Stream(2, stream: 2);

        await WriteAsync(sink, "0", 7, parked);

        (await ArchiveOutside.EventsAsync(_table)).Count.ShouldBe(3);
        (await _table.FindAsync(Stop))!.Transaction("archive/0").ShouldBe(100);
    }

    [Fact]
    public async Task Instances_that_write_the_same_at_once_write_it_once()
    {
        var events = Enumerable.Range(1, 20).SelectMany(n => Stream(3, n)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(instance => Task.Run(
            async () =>
            {
                using var sink = Sink();
                foreach (var version in (long[])[0, 1, 2])
                    await WriteAsync(sink, $"{instance}", 1, [.. events.Where(e => e.Version == version)]);
            },
            Stop)));

        var archived = await ArchiveOutside.EventsAsync(_table);
        archived.Select(e => (e.StreamId, e.Version)).ShouldBe(events.Select(e => (e.StreamId, e.Version)).Order());
    }

    [Fact]
    public async Task Everything_again_after_a_restart_makes_no_commit_and_reads_the_days_it_is_of()
    {
        var (today, before) = (Stream(3), Stream(3, stream: 2, days: -1));
        using (var first = Sink())
        {
            await WriteAsync(first, "0", 1, today);
            await WriteAsync(first, "0", 4, before);
        }

        var version = (await _table.FindAsync(Stop))!.Version;
        using var again = Sink();
        await WriteAsync(again, "0", 1, today);
        (await _table.FindAsync(Stop))!.Version.ShouldBe(version);

        var keys = new ArchivedKeys(_table);
        (await keys.FindAsync((await _table.FindAsync(Stop))!, today, Stop)).Count.ShouldBe(3);
        (await keys.FindAsync((await _table.FindAsync(Stop))!, Stream(3, stream: 9), Stop)).ShouldBeEmpty();
        keys.FilesRead.ShouldBe(1); // not the file of the other day, and none for a stream that is outside of what the log says of them
    }

    [Fact]
    public async Task What_is_personal_stays_sealed_and_is_gone_with_its_key()
    {
        var keys = new CustomerKeysInMemory();
        var protector = new PersonalDataProtector(keys);
        var placed = await protector.SealAsync(OrderStream.Placed(), Stop);
        using var sink = Sink();
        await WriteAsync(sink, "0", 1, [.. OrderStream.Given(placed).Events]);

        var archived = (OrderPlaced)(await ArchiveOutside.EventsAsync(_table)).Single().Data;
        archived.ShipTo.Name.ShouldStartWith("sealed1.");
        (await protector.RevealAsync(archived, Stop)).ShipTo.Name.ShouldBe("Ada Lovelace");
        foreach (var row in await RowsAsync())
            row.OfType<string>().ShouldAllBe(text => !text.Contains("Ada") && !text.Contains("ada@") && !text.Contains("Main St"));

        await keys.DropAsync("c-1001", Stop);
        (await protector.RevealAsync(archived, Stop)).ShipTo.Name.ShouldBe(PersonalFields.Erased);
    }

    [Fact]
    public async Task Rows_of_an_older_build_are_read_in_the_schema_of_today_and_rewritten_by_compaction()
    {
        // As a build wrote them that had neither the code of a decline nor a column for amounts.
        var then = ArchiveTable.Schema with { Fields = [.. ArchiveTable.Schema.Fields.Where(field => field.Name != "amount")] };
        var declined = OrderStream.Given(OrderStream.Placed(), new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 5m)).Last;
        var row = ArchiveRow.Of(declined, OrderEvents.Map).ToList();
        row[3] = 1;
        row[^1] = """{"reason":"insufficient funds","currency":"USD","amount":5}""";
        row.RemoveAt(ArchiveRow.Columns.ToList().IndexOf("amount"));
        var old = await _table.OpenOrCreateAsync(then, Stop);
        var day = new Dictionary<string, string?> { ["day"] = ArchiveRow.DayOf(declined) };
        var file = await _table.WriteFileAsync(then, day, [[.. row]], cancellationToken: Stop);
        await _table.TryCommitAsync(old, new DeltaChange("WRITE") { Added = [file] }, Stop);

        using var sink = Sink();
        await WriteAsync(sink, "0", 1, Stream(1, stream: 5)); // the sink of today adds the column
        (await ArchiveOutside.EventsAsync(_table)).Select(e => e.Data).OfType<PaymentDeclined>().Single().Code.ShouldBe(DeclineCode.InsufficientFunds);

        (await ArchiveCompaction.RunAsync(_table, OrderEvents.Map, Stop)).RenewedRows.ShouldBe(1);

        var renewed = (await RowsAsync("type", "schema_version", "amount", "data")).Single(one => (string)one[0]! == nameof(PaymentDeclined));
        renewed[1].ShouldBe(2);
        renewed[2].ShouldBe(5m);
        ((string)renewed[3]!).ShouldContain("InsufficientFunds");
        (await ArchiveCompaction.RunAsync(_table, OrderEvents.Map, Stop)).RenewedRows.ShouldBe(0);
    }

    [Fact]
    public async Task Money_that_no_column_holds_is_refused_and_nothing_of_its_batch_is_written()
    {
        using var sink = Sink();
        var events = new[] { Stream(1)[0], OrderStream.Given(OrderStream.Taxed() with { Total = 0.00001m }).Last with { StreamId = "other" } };

        (await Should.ThrowAsync<SinkRefusedException>(() => WriteAsync(sink, "0", 1, events))).Message.ShouldContain("0.00001");

        (await ArchiveOutside.EventsAsync(_table)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_that_disappears_is_not_begun_anew()
    {
        using var sink = Sink();
        await WriteAsync(sink, "0", 1, Stream(1));
        Directory.Move(_directory.File("events"), _directory.File("not mounted"));

        for (var attempt = 0; attempt < 2; attempt++)
            (await Should.ThrowAsync<SinkUnavailableException>(() => WriteAsync(sink, "0", 2, Stream(1, stream: 2)))).Message.ShouldContain("is gone");

        Directory.Exists(_directory.File("events")).ShouldBeFalse();
        Directory.Move(_directory.File("not mounted"), _directory.File("events"));
        await WriteAsync(sink, "0", 2, Stream(1, stream: 2));
        (await ArchiveOutside.EventsAsync(_table)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_table_read_by_its_log_alone_is_the_event_store()
    {
        await using var store = await SinkStore.StartAsync(OrderEvents.Map);
        for (var n = 0; n < 30; n++)
        {
            for (var version = 0; version < 4; version++)
                await store.AppendAsync(Id(n), version, version == 0 ? OrdersGiven.Begin(n) : OrdersGiven.Continue(version));
        }

        var setting = new SinkSetting("", [1], new SinkOptions { BatchDelay = TimeSpan.FromMilliseconds(20) });
        var sink = OrderSinks.Archive(setting, new ArchiveLocation(_directory.Path, "", ""), 1);
        await using var host = await SinkHost.StartAsync(store, [sink], TimeSpan.FromMilliseconds(100));
        var verification = new ArchiveVerification(_table, store.Feed, OrderEvents.Map);

        var result = await Eventually.GetAsync(
            async () => await _table.FindAsync(Stop) is { } snapshot ? await verification.RunAsync(snapshot, Stop) : null,
            found => found is { Missing: 0 });
        result!.ShouldBe(new ArchiveComparison(120, 120, 0, result!.Differences));
        result.Differences.ShouldBeEmpty();
        (await _table.FindAsync(Stop))!.Transactions.Keys.ShouldAllBe(range => range.StartsWith("archive/"));
        (await _table.FindAsync(Stop))!.Transactions.ShouldNotBeEmpty(); // the feed says where it is

        // What must not be is found: an event that the store does not have, and one that is there twice.
        var rows = new[] { Stream(1, stream: 777)[0] }.Select(e => ArchiveRow.Of(e, OrderEvents.Map)).ToList();
        var file = await _table.WriteFileAsync(
            ArchiveTable.Schema, new Dictionary<string, string?> { ["day"] = "2026-03-14" }, [.. rows, .. rows], cancellationToken: Stop);
        var wrong = (await _table.TryCommitAsync((await _table.FindAsync(Stop))!, new DeltaChange("WRITE") { Added = [file] }, Stop))!;
        (await verification.RunAsync(wrong, Stop)).Differences.ShouldBe(
            [$"{Id(777)}/0 is there twice.", $"{Id(777)}/0 is not in the store."]);
    }

    private DeltaTable Table() => new ArchiveLocation(_directory.Path, "", "").Table(1, TimeProvider.System, "test");

    private ArchiveSink Sink() => new(Table(), OrderEvents.Map, NullLogger<ArchiveSink>.Instance);

    private async Task<List<object?[]>> RowsAsync(params string[] columns)
    {
        var snapshot = (await _table.FindAsync(Stop))!;
        var rows = new List<object?[]>();
        foreach (var file in snapshot.Files)
        {
            await foreach (var row in _table.ReadAsync(snapshot, file, columns.Length > 0 ? columns : ArchiveRow.Columns, Stop))
                rows.Add(row);
        }

        return rows;
    }

    private static Task WriteAsync(ArchiveSink sink, string lease, long lsn, IReadOnlyList<RecordedEvent> events) =>
        sink.WriteAsync([.. events.Select((e, i) => new DeliveredEvent(e, lease, lsn + i))], Stop);

    private static string Id(int n) => $"0190a1b2-0000-7000-8000-{n:x12}";

    private static List<RecordedEvent> Stream(int versions, int stream = 1, int days = 0) =>
        [.. OrderStream.Given([OrdersGiven.Begin(stream), .. Enumerable.Range(1, versions).Select(OrdersGiven.Continue)]).Events.Take(versions)
            .Select(e => e with { StreamId = Id(stream), Meta = e.Meta with { At = e.Meta.At.AddDays(days) } })];
}
