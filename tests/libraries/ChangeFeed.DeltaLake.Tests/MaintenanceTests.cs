using ChangeFeed.DeltaLake.Maintenance;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.DeltaLake.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.DeltaLake.Tests;

/// <summary>Small files are put together, and what nobody needs is deleted.</summary>
public sealed class MaintenanceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly TroubledStorage _storage;
    private readonly DeltaTable _table;

    public MaintenanceTests()
    {
        _storage = new TroubledStorage(new LocalTableStorage(_directory.Path));
        _table = new DeltaTable(_storage, _time, "test");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Compaction_leaves_a_file_for_each_day_and_every_row()
    {
        var before = await WriteAsync();

        var result = await new DeltaCompaction(_table).RunAsync(
            new CompactionOptions { Order = (one, other) => ((long)other[0]!).CompareTo((long)one[0]!) }, Stop);

        result.ShouldBe(new CompactionResult(6, 2, 6, 0));
        var after = (await _table.FindAsync(Stop))!;
        after.FileCount.ShouldBe(2);
        (await _table.NumbersAsync(after)).ShouldBe([1L, 2, 3, 11, 12, 13]);
        (await _table.NumbersAsync(await _table.AtVersionAsync(before.Version, Stop))).ShouldBe([1L, 2, 3, 11, 12, 13]); // the old files are there still
        (await new DeltaCompaction(_table).RunAsync(null, Stop)).ShouldBe(new CompactionResult(0, 0, 0, 0)); // once more has nothing to do
    }

    [Fact]
    public async Task Who_writes_meanwhile_is_not_disturbed_and_loses_nothing()
    {
        var snapshot = await WriteAsync();
        var writes = 0;
        _storage.BeforeCreate = async path =>
        {
            // Before the commit of the compaction another one comes.
            if (path.StartsWith("_delta_log/", StringComparison.Ordinal) && writes++ == 0)
                await new DeltaTable(new LocalTableStorage(_directory.Path), _time, "other").AddAsync(snapshot, "2026-11-27", 4);
        };

        await new DeltaCompaction(_table).RunAsync(null, Stop);

        (await _table.NumbersAsync((await _table.FindAsync(Stop))!)).ShouldBe([1L, 2, 3, 4, 11, 12, 13]);
    }

    [Fact]
    public async Task Two_compactions_at_once_write_no_row_twice()
    {
        await WriteAsync();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () => new DeltaCompaction(new DeltaTable(new LocalTableStorage(_directory.Path), _time, "one of them")).RunAsync(null, Stop), Stop)));

        (await _table.NumbersAsync((await _table.FindAsync(Stop))!)).ShouldBe([1L, 2, 3, 11, 12, 13]);
    }

    [Fact]
    public async Task Rows_are_brought_to_the_form_of_today()
    {
        await WriteAsync();

        var renewal = new RowRenewal(KeyValuePair.Create("form", "2"), row => (long)row[0]! < 10 ? [row[0], "renewed", .. row[2..]] : row);
        var result = await new DeltaCompaction(_table).RunAsync(new CompactionOptions { Renewal = renewal }, Stop);

        result.RenewedRows.ShouldBe(3);
        var again = renewal with { Renew = _ => throw new InvalidOperationException("looked at") };
        // The files say that there is nothing to do.
        (await new DeltaCompaction(_table).RunAsync(new CompactionOptions { Renewal = again }, Stop)).RemovedFiles.ShouldBe(0);
        (await _table.RowsAsync((await _table.FindAsync(Stop))!, ["number", "word"])).Count(row => (string?)row[1] == "renewed").ShouldBe(3);
    }

    [Fact]
    public async Task Vacuum_deletes_what_is_old_and_nobodys_and_nothing_else()
    {
        await WriteAsync();
        await _table.WriteFileAsync(Tables.Schema, Tables.Day("2026-11-27"), [Tables.Row(99)], cancellationToken: Stop); // a writer was killed here
        await File.WriteAllTextAsync(_directory.File("_delta_log/.half.tmp"), "{", Stop); // and here
        await new DeltaCompaction(_table).RunAsync(null, Stop);
        var vacuum = new DeltaVacuum(_table);
        (await vacuum.RunAsync(TimeSpan.FromDays(7), Stop)).ShouldBeEmpty(); // too young: somebody may be about to commit it, or read it

        _time.Advance(TimeSpan.FromDays(8));
        var deleted = await vacuum.RunAsync(TimeSpan.FromDays(7), Stop);

        deleted.Count.ShouldBe(6 + 1 + 1);
        (await _table.NumbersAsync((await _table.FindAsync(Stop))!)).ShouldBe([1L, 2, 3, 11, 12, 13]);
        (await vacuum.RunAsync(TimeSpan.FromDays(7), Stop)).ShouldBeEmpty();
    }

    private async Task<DeltaSnapshot> WriteAsync()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        foreach (var n in (long[])[1, 2, 3])
        {
            snapshot = await _table.AddAsync(snapshot, "2026-11-27", n);
            snapshot = await _table.AddAsync(snapshot, "2026-11-28", n + 10);
        }

        return snapshot;
    }
}
