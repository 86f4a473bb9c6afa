using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.DeltaLake.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.DeltaLake.Tests;

/// <summary>A table in a directory: written, read back by its log, and disturbed.</summary>
public sealed class DeltaTableTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly TroubledStorage _storage;
    private readonly DeltaTable _table;

    public DeltaTableTests()
    {
        _storage = new TroubledStorage(new LocalTableStorage(_directory.Path));
        _table = new DeltaTable(_storage, _time, "test");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_written_is_read_back_with_every_type()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        var file = await _table.WriteFileAsync(
            Tables.Schema, Tables.Day("2026-11-27"), [Tables.Row(1, "ä € 🙂"), [2L, null, null, null, null]], cancellationToken: Stop);
        await _table.TryCommitAsync(snapshot, new DeltaChange("WRITE") { Added = [file] }, Stop);

        var again = new DeltaTable(_storage, _time, "another");
        var read = await again.FindAsync(Stop);
        (await again.RowsAsync(read!)).ShouldBe(
            [
                [1L, "ä € 🙂", DateTimeOffset.UnixEpoch.AddTicks(10), 1.25m, 1, "2026-11-27"],
                [2L, null, null, null, null, "2026-11-27"],
            ]);
        read!.Files.Single().Rows.ShouldBe(2);
        read.Files.Single().Range("number")!.Value.Greatest.GetInt64().ShouldBe(2);
        read.Files.Single().Range("word").ShouldBeNull(); // not ASCII: other readers sort it otherwise
    }

    [Fact]
    public async Task Without_a_log_there_is_no_table() => (await _table.FindAsync(Stop)).ShouldBeNull();

    [Fact]
    public async Task Of_two_that_commit_on_the_same_version_one_is_told_and_has_changed_nothing()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        var (one, two) = (await FileAsync(1), await FileAsync(2));

        (await _table.TryCommitAsync(snapshot, new DeltaChange("WRITE") { Added = [one] }, Stop)).ShouldNotBeNull();
        (await _table.TryCommitAsync(snapshot, new DeltaChange("WRITE") { Added = [two] }, Stop)).ShouldBeNull();

        (await _table.NumbersAsync((await _table.FindAsync(Stop))!)).ShouldBe([1L]);
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing_and_write_nothing_twice()
    {
        await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            async () =>
            {
                var own = new DeltaTable(new LocalTableStorage(_directory.Path), TimeProvider.System, $"writer {writer}");
                var snapshot = await own.OpenOrCreateAsync(Tables.Schema, Stop);
                for (var n = 0; n < 20; n++)
                    snapshot = await own.AddAsync(snapshot, "2026-11-27", (writer * 100) + n);
            },
            Stop)));

        var snapshot = await _table.FindAsync(Stop);
        snapshot!.Version.ShouldBe(160);
        (await _table.NumbersAsync(snapshot)).ShouldBe(Enumerable.Range(0, 8).SelectMany(writer => Enumerable.Range(0, 20).Select(n => (writer * 100L) + n)));
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_recognised_as_ones_own()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        _storage.AfterCreate = (_, _) => false; // sent twice; the second is told that the first is there

        var made = await _table.TryCommitAsync(snapshot, new DeltaChange("WRITE") { Transactions = new Dictionary<string, long> { ["me"] = 7 } }, Stop);

        made!.Version.ShouldBe(1);
        made.Transaction("me").ShouldBe(7);
    }

    [Fact]
    public async Task Killed_between_data_file_and_commit_nothing_has_happened()
    {
        var snapshot = await _table.AddAsync(await _table.OpenOrCreateAsync(Tables.Schema, Stop), "2026-11-27", 1);
        await FileAsync(2); // and nobody commits it
        await File.WriteAllTextAsync(_directory.File("_delta_log/.half.tmp"), "{\"commitInfo\"", Stop); // nor was this commit ever named

        var read = await new DeltaTable(_storage, _time, "after").FindAsync(Stop);

        read!.Version.ShouldBe(snapshot.Version);
        (await _table.NumbersAsync(read)).ShouldBe([1L]);
    }

    [Fact]
    public async Task Transactions_say_in_the_same_commit_how_far_an_application_is()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        snapshot = (await _table.TryCommitAsync(snapshot, Transactions(("a", 5), ("b", 1)), Stop))!;
        snapshot = (await _table.TryCommitAsync(snapshot, Transactions(("a", 9)), Stop))!;

        (await _table.FindAsync(Stop))!.Transactions.ShouldBe(snapshot.Transactions);
        snapshot.Transactions.ShouldBe(new Dictionary<string, long> { ["a"] = 9, ["b"] = 1 }, ignoreOrder: true);

        static DeltaChange Transactions(params (string Name, long Version)[] all) =>
            new("WRITE") { Transactions = all.ToDictionary(one => one.Name, one => one.Version) };
    }

    [Fact]
    public async Task A_table_is_read_as_it_was_at_a_version_and_at_a_time()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        for (var n = 1; n <= 3; n++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            snapshot = await _table.AddAsync(snapshot, "2026-11-27", n);
        }

        (await _table.NumbersAsync(await _table.AtVersionAsync(2, Stop))).ShouldBe([1L, 2]);
        (await _table.NumbersAsync(await _table.AtTimeAsync(new DateTimeOffset(2026, 11, 27, 13, 30, 0, TimeSpan.Zero), Stop))).ShouldBe([1L]);
        (await Should.ThrowAsync<DeltaTableException>(() => _table.AtVersionAsync(9, Stop))).Message.ShouldContain("no version 9");
        (await Should.ThrowAsync<DeltaTableException>(() => _table.AtTimeAsync(DateTimeOffset.UnixEpoch, Stop))).Message.ShouldContain("1970-01-01");
    }

    [Fact]
    public async Task A_column_that_is_added_is_empty_in_older_files()
    {
        await _table.AddAsync(await _table.OpenOrCreateAsync(Tables.Schema, Stop), "2026-11-27", 1);
        var wider = Tables.Schema with { Fields = [.. Tables.Schema.Fields, new DeltaField("colour", DeltaTypes.String)] };

        var snapshot = await _table.OpenOrCreateAsync(wider, Stop);
        var file = await _table.WriteFileAsync(snapshot.Schema, Tables.Day("2026-11-27"), [[.. Tables.Row(2), "red"]], cancellationToken: Stop);
        snapshot = (await _table.TryCommitAsync(snapshot, new DeltaChange("WRITE") { Added = [file] }, Stop))!;

        (await _table.RowsAsync(snapshot, ["number", "colour"])).ShouldBe([[1L, null], [2L, "red"]]);
        (await _table.OpenOrCreateAsync(Tables.Schema, Stop)).Schema.Fields.Count.ShouldBe(wider.Fields.Count); // an older writer takes none away
    }

    [Fact]
    public async Task A_column_of_another_type_is_refused()
    {
        await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        var other = Tables.Schema with { Fields = [new DeltaField("number", DeltaTypes.String)] };

        (await Should.ThrowAsync<DeltaTableException>(() => _table.OpenOrCreateAsync(other, Stop))).Message.ShouldContain("'number'");
    }

    [Theory]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7}}""", "needs a reader of version 3")]
    [InlineData("""{"protocol":{"minReaderVersion":1,"minWrit""", "is damaged")]
    [InlineData("""{"commitInfo":{"operation":"WRITE"}}""", "has no protocol")]
    public async Task What_is_not_understood_is_said_and_left_alone(string commit, string problem)
    {
        Directory.CreateDirectory(_directory.File("_delta_log"));
        var metadata = """{"metaData":{"id":"1","format":{"provider":"parquet"},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[]}}""";
        await File.WriteAllTextAsync(_directory.File("_delta_log/00000000000000000000.json"), $"{commit}\n{metadata}\n", Stop);

        (await Should.ThrowAsync<DeltaTableException>(() => _table.FindAsync(Stop))).Message.ShouldContain(problem);
    }

    [Fact]
    public async Task A_newer_writer_keeps_this_one_out_and_lets_it_read()
    {
        var snapshot = await _table.OpenOrCreateAsync(Tables.Schema, Stop);
        await File.WriteAllTextAsync(
            _directory.File("_delta_log/00000000000000000001.json"), """{"protocol":{"minReaderVersion":1,"minWriterVersion":5}}""", Stop);

        snapshot = await _table.UpdateAsync(snapshot, Stop);
        (await Should.ThrowAsync<DeltaTableException>(() => _table.TryCommitAsync(snapshot, new DeltaChange("WRITE"), Stop)))
            .Message.ShouldContain("needs a writer of version 5");
    }

    [Fact]
    public async Task A_path_that_leads_out_of_the_table_is_not_followed() =>
        (await Should.ThrowAsync<TableStorageException>(() => _storage.OpenAsync("../secret", Stop))).Message.ShouldContain("outside of the table");

    private Task<DeltaFile> FileAsync(long number) =>
        _table.WriteFileAsync(Tables.Schema, Tables.Day("2026-11-27"), [Tables.Row(number)], cancellationToken: Stop);
}
