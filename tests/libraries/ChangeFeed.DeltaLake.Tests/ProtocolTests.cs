using System.Text.Json;
using System.Text.RegularExpressions;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.DeltaLake.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.DeltaLake.Tests;

/// <summary>What is written, letter by letter, and what a reader makes of it that shares no code with the writer.</summary>
public sealed partial class ProtocolTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DeltaTable _table;

    public ProtocolTests() => _table = new DeltaTable(
        new LocalTableStorage(_directory.Path), new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero)), "test");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Commits_are_what_the_protocol_says()
    {
        var schema = new DeltaSchema([new("id", DeltaTypes.Long, IsNullable: false), new("word", DeltaTypes.String), new("day", DeltaTypes.Date)], ["day"]);
        var snapshot = await _table.OpenOrCreateAsync(schema, Stop);
        var file = await _table.WriteFileAsync(schema, Tables.Day("2026-11-27"), [[1L, "a"], [2L, null]], cancellationToken: Stop);
        snapshot = (await _table.TryCommitAsync(
            snapshot, new DeltaChange("WRITE") { Added = [file], Transactions = new Dictionary<string, long> { ["me"] = 7 } }, Stop))!;
        await _table.TryCommitAsync(snapshot, new DeltaChange("OPTIMIZE") { Removed = [file], ChangesData = false }, Stop);

        (await CommitAsync(0)).ShouldBe("""
            {"commitInfo":{"timestamp":1795780800000,"operation":"CREATE TABLE","operationParameters":{},"engineInfo":"test","txnId":"ID"}}
            {"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
            {"metaData":{"id":"ID","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":false,\"metadata\":{}},{\"name\":\"word\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}},{\"name\":\"day\",\"type\":\"date\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":["day"],"createdTime":1795780800000,"configuration":{}}}

            """);
        (await CommitAsync(1)).ShouldBe("""
            {"commitInfo":{"timestamp":1795780800000,"operation":"WRITE","operationParameters":{},"engineInfo":"test","txnId":"ID"}}
            {"txn":{"appId":"me","version":7,"lastUpdated":1795780800000}}
            {"add":{"path":"day=2026-11-27/part-ID.snappy.parquet","partitionValues":{"day":"2026-11-27"},"size":SIZE,"modificationTime":1795780800000,"dataChange":true,"stats":"{\"numRecords\":2,\"minValues\":{\"id\":1,\"word\":\"a\"},\"maxValues\":{\"id\":2,\"word\":\"a\"},\"nullCount\":{\"id\":0,\"word\":1}}"}}

            """);
        (await CommitAsync(2)).ShouldBe("""
            {"commitInfo":{"timestamp":1795780800000,"operation":"OPTIMIZE","operationParameters":{},"engineInfo":"test","txnId":"ID"}}
            {"remove":{"path":"day=2026-11-27/part-ID.snappy.parquet","deletionTimestamp":1795780800000,"dataChange":false}}

            """);
    }

    [Fact]
    public async Task A_reader_in_SQL_finds_the_same_rows_by_the_log_alone()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        for (var n = 1; n <= 5; n++)
            snapshot = await _table.AddAsync(snapshot, n < 3 ? "2026-11-27" : "2026-11-28", n);
        var third = snapshot.Files.Single(file => file.Range("number")!.Value.Least.GetInt64() == 3);
        snapshot = (await _table.TryCommitAsync(snapshot, new DeltaChange("DELETE") { Removed = [third] }, Stop))!;

        var log = $"{_directory.Path}/_delta_log/*.json";
        // The protocol's reconciliation: the newest word on a path counts.
        var live = Duck.Query($"""
            with actions as (
              select filename as version, add.path as path, true as is_there from read_ndjson('{log}', filename = true) where add is not null
              union all
              select filename, remove.path, false from read_ndjson('{log}', filename = true) where remove is not null)
            select path from actions group by path having arg_max(is_there, version) order by path
            """);
        live.ShouldBe(snapshot.Files.Select(file => file.Path).Order(StringComparer.Ordinal));

        var files = string.Join(", ", live.Select(path => $"'{_directory.Path}/{path}'"));
        Duck.Query($"""
            select number || ' ' || word || ' ' || epoch_us("at") || ' ' || price || ' ' || pieces || ' ' || day
            from read_parquet([{files}], hive_partitioning = true) order by number
            """).ShouldBe(["1 word 1 1.2500 1 2026-11-27", "2 word 2 2.2500 2 2026-11-27", "4 word 4 4.2500 4 2026-11-28", "5 word 5 5.2500 5 2026-11-28"]);
        Duck.Query($"select distinct typeof(\"at\") || ' ' || typeof(price) || ' ' || typeof(number) || ' ' || typeof(pieces) from read_parquet([{files}])")
            .ShouldBe(["TIMESTAMP WITH TIME ZONE DECIMAL(28,4) BIGINT INTEGER"]);
    }

    [Fact]
    public async Task A_table_as_Spark_writes_it_is_read()
    {
        // The actions and spellings of Spark's own logs: more fields than we write, other parameters, escaped paths.
        Directory.CreateDirectory(_directory.File("_delta_log"));
        Directory.CreateDirectory(_directory.File("word=a b"));
        var data = await _table.WriteFileAsync(
            new DeltaSchema([new("id", DeltaTypes.Integer)], []), new Dictionary<string, string?>(), [[7]], cancellationToken: Stop);
        File.Move(_directory.File(data.Path), _directory.File("word=a b/part-00000.c000.snappy.parquet"));
        await File.WriteAllTextAsync(
            _directory.File("_delta_log/00000000000000000000.json"),
            """
            {"commitInfo":{"timestamp":1700000000000,"operation":"WRITE","operationParameters":{"mode":"ErrorIfExists","partitionBy":"[\"word\"]"},"isolationLevel":"Serializable","isBlindAppend":true,"operationMetrics":{"numFiles":"1","numOutputRows":"1"},"engineInfo":"Apache-Spark/3.5.0 Delta-Lake/3.0.0","txnId":"b1"}}
            {"metaData":{"id":"c2","name":null,"format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"integer\",\"nullable\":true,\"metadata\":{\"comment\":\"a number\"}},{\"name\":\"word\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}},{\"name\":\"more\",\"type\":{\"type\":\"array\",\"elementType\":\"long\",\"containsNull\":true},\"nullable\":true,\"metadata\":{}}]}","partitionColumns":["word"],"configuration":{"delta.appendOnly":"false"},"createdTime":1700000000000}}
            {"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
            {"add":{"path":"word=a%20b/part-00000.c000.snappy.parquet","partitionValues":{"word":"a b"},"size":400,"modificationTime":1700000000000,"dataChange":true,"stats":"{\"numRecords\":1,\"minValues\":{\"id\":7},\"maxValues\":{\"id\":7},\"nullCount\":{\"id\":0}}","tags":{"INSERTION_TIME":"1700000000000000"},"baseRowId":0}}

            """.Replace("\r", ""),
            Stop);

        var snapshot = (await _table.FindAsync(Stop))!;

        (await _table.RowsAsync(snapshot, ["id", "word"])).ShouldBe([[7, "a b"]]);
        (await Should.ThrowAsync<DeltaTableException>(() => _table.RowsAsync(snapshot, ["more"]))).Message.ShouldContain("'more'");
        await foreach (var commit in _table.HistoryAsync(Stop))
            commit.Engine.ShouldBe("Apache-Spark/3.5.0 Delta-Lake/3.0.0");
    }

    private async Task<string> CommitAsync(int version)
    {
        var text = await File.ReadAllTextAsync(_directory.File($"_delta_log/{version:D20}.json"), Stop);
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldAllBe(line => JsonDocument.Parse(line, default).RootElement.EnumerateObject().Count() == 1);
        return Size().Replace(Identity().Replace(text, "ID"), "\"size\":SIZE");
    }

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")]
    private static partial Regex Identity();

    [GeneratedRegex("\"size\":[0-9]+")]
    private static partial Regex Size();
}
