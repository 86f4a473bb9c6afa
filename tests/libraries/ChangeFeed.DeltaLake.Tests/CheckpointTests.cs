using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.DeltaLake.Tests.Support;

namespace ChangeFeed.DeltaLake.Tests;

/// <summary>Versions that are written down as a whole.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DeltaTable _table;

    public CheckpointTests() => _table = new DeltaTable(new LocalTableStorage(_directory.Path), TimeProvider.System, "test");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_reader_needs_no_commit_before_it()
    {
        var snapshot = await WriteAsync();
        await _table.WriteCheckpointAsync(snapshot, Stop);
        for (var version = 0; version <= snapshot.Version; version++)
            File.Delete(_directory.File($"_delta_log/{version:D20}.json"));
        snapshot = await _table.AddAsync(snapshot, "2026-11-28", 9);

        var read = (await new DeltaTable(new LocalTableStorage(_directory.Path), TimeProvider.System, "again").FindAsync(Stop))!;

        read.Version.ShouldBe(snapshot.Version);
        read.TableId.ShouldBe(snapshot.TableId);
        read.Transactions.ShouldBe(snapshot.Transactions);
        read.Schema.Fields.ShouldBe(snapshot.Schema.Fields);
        (await _table.NumbersAsync(read)).ShouldBe([1L, 3, 9]);
        read.Files.Count(file => file.Rows == 1).ShouldBe(3);
    }

    [Fact]
    public async Task A_hint_that_is_lost_or_damaged_costs_a_listing()
    {
        var snapshot = await WriteAsync();
        await _table.WriteCheckpointAsync(snapshot, Stop);
        File.Delete(_directory.File("_delta_log/00000000000000000000.json"));

        await File.WriteAllTextAsync(_directory.File("_delta_log/_last_checkpoint"), "{\"vers", Stop);
        (await _table.FindAsync(Stop))!.Version.ShouldBe(snapshot.Version);
        File.Delete(_directory.File("_delta_log/_last_checkpoint"));
        (await _table.FindAsync(Stop))!.Version.ShouldBe(snapshot.Version);
    }

    [Fact]
    public async Task A_log_that_lost_its_beginning_is_no_empty_table()
    {
        await WriteAsync();
        File.Delete(_directory.File("_delta_log/00000000000000000000.json"));

        (await Should.ThrowAsync<DeltaTableException>(() => _table.FindAsync(Stop))).Message.ShouldContain("has lost its beginning");
    }

    [Fact]
    public async Task Another_engine_reads_it_with_the_columns_of_the_protocol()
    {
        var snapshot = await WriteAsync();
        await _table.WriteCheckpointAsync(snapshot, Stop);
        var file = _directory.File($"_delta_log/{snapshot.Version:D20}.checkpoint.parquet");

        Duck.Query($"select add.path from '{file}' where add is not null").Order().ShouldBe(snapshot.Files.Select(one => one.Path).Order());
        Duck.Query($"select distinct add.partitionValues['day'] from '{file}' where add is not null").ShouldBe(["2026-11-27"]);
        Duck.Query($"select metaData.partitionColumns[1] from '{file}' where metaData is not null").ShouldBe(["day"]);
        Duck.Query($"select txn.appId || txn.version from '{file}' where txn is not null").ShouldBe(["me4"]);
        Duck.Query($"select protocol.minReaderVersion || ' ' || protocol.minWriterVersion from '{file}' where protocol is not null").ShouldBe(["1 2"]);
        Duck.Query($"select count(*) from '{file}' where remove is not null").ShouldBe(["1"]);
    }

    [Fact]
    public async Task Its_columns_are_those_that_Spark_writes()
    {
        var snapshot = await WriteAsync();
        await _table.WriteCheckpointAsync(snapshot, Stop);
        var file = _directory.File($"_delta_log/{snapshot.Version:D20}.checkpoint.parquet");

        // What a checkpoint of Spark has, of the columns that this one has too. A reader that knows one reads the other.
        const string map = "key_value REPEATED -, key REQUIRED BYTE_ARRAY, value OPTIONAL BYTE_ARRAY";
        const string list = "list REPEATED -, element OPTIONAL BYTE_ARRAY";
        string.Join(", ", Duck.Query($"""
            select name || ' ' || repetition_type || ' ' || coalesce(type, '-') from parquet_schema('{file}') where repetition_type is not null
            """)).ShouldBe(string.Join(", ",
            "txn OPTIONAL -, appId OPTIONAL BYTE_ARRAY, version OPTIONAL INT64, lastUpdated OPTIONAL INT64",
            $"add OPTIONAL -, path OPTIONAL BYTE_ARRAY, partitionValues OPTIONAL -, {map}, size OPTIONAL INT64, modificationTime OPTIONAL INT64",
            $"dataChange OPTIONAL BOOLEAN, stats OPTIONAL BYTE_ARRAY, tags OPTIONAL -, {map}",
            "remove OPTIONAL -, path OPTIONAL BYTE_ARRAY, deletionTimestamp OPTIONAL INT64, dataChange OPTIONAL BOOLEAN",
            "metaData OPTIONAL -, id OPTIONAL BYTE_ARRAY, name OPTIONAL BYTE_ARRAY",
            $"format OPTIONAL -, provider OPTIONAL BYTE_ARRAY, options OPTIONAL -, {map}",
            $"schemaString OPTIONAL BYTE_ARRAY, partitionColumns OPTIONAL -, {list}, createdTime OPTIONAL INT64, configuration OPTIONAL -, {map}",
            "protocol OPTIONAL -, minReaderVersion OPTIONAL INT32, minWriterVersion OPTIONAL INT32"));
    }

    /// <summary>Three files, of which one is taken out again.</summary>
    private async Task<DeltaSnapshot> WriteAsync()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        for (var n = 1; n <= 3; n++)
            snapshot = await _table.AddAsync(snapshot, "2026-11-27", n);
        var second = snapshot.Files.Single(file => file.Range("number")!.Value.Least.GetInt64() == 2);
        return (await _table.TryCommitAsync(
            snapshot, new DeltaChange("DELETE") { Removed = [second], Transactions = new Dictionary<string, long> { ["me"] = 4 } }, Stop))!;
    }
}
