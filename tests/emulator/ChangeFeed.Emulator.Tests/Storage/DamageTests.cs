using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Tests.Running;

namespace ChangeFeed.Emulator.Tests.Storage;

/// <summary>Damaged data is noticed and not served, and what can be read of it is kept.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Count = 700;
    private const int PageSize = 4096;

    private readonly TemporaryDirectory _data = new();

    private string DataFile => _data.File("emulator.db");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_cut_off_is_refused(bool killed)
    {
        await FillAsync();
        if (killed)
            await WriteAndKillAsync();
        Cut(DataFile);

        (await RefusalAsync()).ShouldStartWith($"The data file {DataFile} is damaged");
        // Half of the pages hold about half of the documents, though the way to them is lost.
        await ExportsAndRepairsAsync(atLeast: Count / 3, lost: true);
    }

    [Fact]
    public async Task Another_letter_in_a_document_is_noticed()
    {
        await FillAsync();
        var bytes = await File.ReadAllBytesAsync(DataFile);
        bytes[bytes.AsSpan().IndexOf("text-of-500"u8)] = (byte)'T';
        await File.WriteAllBytesAsync(DataFile, bytes);

        await RefusesEverythingAsync();
        await ExportsAndRepairsAsync(atLeast: Count - 1, lost: true);
    }

    [Fact]
    public async Task A_broken_page_is_noticed()
    {
        await FillAsync();
        var bytes = await File.ReadAllBytesAsync(DataFile);
        var page = bytes.AsSpan().IndexOf("text-of-500"u8) / PageSize;
        new Random(1).NextBytes(bytes.AsSpan(page * PageSize, PageSize));
        await File.WriteAllBytesAsync(DataFile, bytes);

        await RefusesEverythingAsync();
        await ExportsAndRepairsAsync(atLeast: Count - 20, lost: true);
    }

    [Fact]
    public async Task Reading_damage_ends_all_service_and_not_only_that_read()
    {
        await FillAsync();
        await using var host = await StartAsync();
        using var client = Connect(host.ConnectionString);
        var container = client.GetContainer("d", "c");
        // What the client learns of the account and the container before its first request would be refused with the rest.
        (await container.ReadItemAsync<Thing>("0", new("0"))).Resource.ShouldBe(Item("0"));
        // The store holds the file open and its locks on it, so that it is changed by another process.
        using (var cut = System.Diagnostics.Process.Start("truncate", ["--size", $"{new FileInfo(DataFile).Length / 2}", DataFile]))
            await cut.WaitForExitAsync();

        await EventuallyAsync(
            async () =>
            {
                for (var i = 0; i < Count; i += 50)
                    (await container.ReadItemStreamAsync($"{i}", new($"{i}"))).Dispose();
                return (await HealthAsync(host.Endpoint)).StartsWith("503 Unhealthy", StringComparison.Ordinal);
            },
            "damage is noticed by those who read");
        (await container.ReadItemStreamAsync("0", new("0"))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("cut")]
    [InlineData("changed")]
    public async Task A_lost_write_ahead_log_is_noticed(string what)
    {
        await FillAsync();
        await WriteAndKillAsync();
        var log = $"{DataFile}-wal";
        new FileInfo(log).Length.ShouldBeGreaterThan(0);
        switch (what)
        {
            case "deleted":
                File.Delete(log);
                File.Delete($"{DataFile}-shm");
                break;
            case "cut":
                Cut(log);
                break;
            default:
                var bytes = await File.ReadAllBytesAsync(log);
                bytes[bytes.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(log, bytes);
                break;
        }

        (await RefusalAsync()).ShouldStartWith($"The data file {DataFile} ends ");
        await ExportsAndRepairsAsync(atLeast: Count, lost: true);
    }

    [Fact]
    public async Task What_is_whole_is_exported_and_repaired_without_loss()
    {
        await FillAsync();
        await ExportsAndRepairsAsync(atLeast: Count, lost: false);
    }

    [Fact]
    public async Task A_repair_that_is_interrupted_is_finished_by_the_next()
    {
        await FillAsync();
        foreach (var name in (string[])["emulator.db", "emulator.acknowledged"])
            File.Move(_data.File(name), _data.File(name.Replace("emulator", "repaired")));

        (await RefusalAsync()).ShouldBe(
            $"A repair of {DataFile} was interrupted; run 'cosmos-emulator repair' on the directory again.");
        (await EmulatorProcess.RunAsync("repair", "--data", _data.Path)).ExitCode.ShouldBe(0);
        await using var host = await StartAsync();
        using var client = Connect(host.ConnectionString);
        (await client.GetContainer("d", "c").ReadItemAsync<Thing>("7", new("7"))).Resource.ShouldBe(Item("7"));
    }

    [Fact]
    public async Task Continuations_and_unique_keys_hold_after_a_repair()
    {
        string continuation;
        await using (var host = await StartAsync())
        {
            using var client = Connect(host.ConnectionString);
            Database database = await client.CreateDatabaseAsync("d");
            Container container = await database.CreateContainerAsync(
                new ContainerProperties("c", "/pk") { UniqueKeyPolicy = new() { UniqueKeys = { new() { Paths = { "/text" } } } } });
            for (var i = 0; i < 50; i++)
                await container.CreateItemAsync(Item($"{i}") with { pk = "a" });
            using var feed = container.GetChangeFeedIterator<Thing>(ChangeFeedStartFrom.Beginning(), ChangeFeedMode.Incremental);
            (continuation, _) = await ReadAsync(feed);
        }

        (await EmulatorProcess.RunAsync("repair", "--data", _data.Path)).ExitCode.ShouldBe(0);

        await using var repaired = await StartAsync();
        using var again = Connect(repaired.ConnectionString);
        var same = again.GetContainer("d", "c");
        var taken = await Should.ThrowAsync<CosmosException>(
            () => same.CreateItemAsync(new Thing("another", "a", Item("1").text)));
        taken.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        await same.CreateItemAsync(new Thing("next", "a", "next"));
        using var rest = same.GetChangeFeedIterator<Thing>(
            ChangeFeedStartFrom.ContinuationToken(continuation), ChangeFeedMode.Incremental);
        (await ReadAsync(rest)).Ids.ShouldBe(["next"]);
        await same.Database.CreateContainerAsync("other", "/pk");
    }

    [Fact]
    public async Task Data_of_the_format_before_is_taken_over()
    {
        await FillAsync();
        using (var connection = ChangeFeed.Emulator.Storage.Sqlite.SqliteConnection.Open(DataFile, readOnly: false))
        {
            connection.Execute(
                "ALTER TABLE items_1 DROP COLUMN sum; DELETE FROM meta WHERE key <> 'next_number'; PRAGMA user_version = 1");
        }
        File.Delete(_data.File("emulator.acknowledged"));

        await using var host = await StartAsync();
        using var client = Connect(host.ConnectionString);
        var container = client.GetContainer("d", "c");
        (await container.ReadItemAsync<Thing>("7", new("7"))).Resource.ShouldBe(Item("7"));
        await container.CreateItemAsync(Item("new"));
        (await HealthAsync(host.Endpoint)).ShouldBe("200 Healthy");
    }

    [Theory]
    [InlineData("repair", "repair needs --data with the directory of the data.")]
    [InlineData("export --data x", "export needs --output with a directory to write to.")]
    [InlineData("repair --data", "The option --data needs a value.")]
    [InlineData("repair --data x --port 1", "The option --port is unknown; --help lists the options.")]
    public async Task A_wrong_command_line_is_told_in_one_sentence(string arguments, string message)
    {
        var (code, errors) = await EmulatorProcess.RunAsync(arguments.Split(' '));
        code.ShouldBe(2);
        errors.ShouldBe(message);
    }

    [Fact]
    public async Task A_directory_in_use_or_without_data_is_left_alone()
    {
        await using (var host = await StartAsync())
            (await EmulatorProcess.RunAsync("repair", "--data", _data.Path)).ShouldBe(
                (1, $"The data directory {_data.Path} is in use by another emulator; stop that one or choose another with --data."));

        var empty = _data.File("empty");
        (await EmulatorProcess.RunAsync("repair", "--data", empty)).ShouldBe(
            (1, $"There is no data file {Path.Combine(empty, "emulator.db")}; name its directory with --data."));
        Directory.Exists(empty).ShouldBeFalse();
    }

    /// <summary>What is written last is in the write-ahead log alone.</summary>
    private async Task WriteAndKillAsync()
    {
        await using var killed = await EmulatorProcess.StartAsync("--port", "0", "--data", _data.Path);
        using var client = killed.Connect();
        for (var i = 0; i < 20; i++)
            await client.GetContainer("d", "c").CreateItemAsync(Item($"late-{i}"));
        killed.Kill();
    }

    private async Task FillAsync()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--port", "0", "--data", _data.Path);
        using (var client = emulator.Connect())
        {
            Database database = await client.CreateDatabaseAsync("d");
            Container container = await database.CreateContainerAsync("c", "/pk");
            for (var i = 0; i < Count; i += 50)
                await Task.WhenAll(Enumerable.Range(i, 50).Select(n => container.CreateItemAsync(Item($"{n}"))));
        }
        await emulator.StopAsync();
    }

    /// <summary>Half of a file is gone.</summary>
    private static void Cut(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.SetLength(stream.Length / 2);
    }

    private async Task<string> RefusalAsync()
    {
        var (code, errors) = await EmulatorProcess.RunAsync("--port", "0", "--data", _data.Path);
        code.ShouldBe(1);
        return errors;
    }

    /// <summary>A start is not held up by the check; soon after it nothing is served any more.</summary>
    private async Task RefusesEverythingAsync()
    {
        await using var host = await StartAsync();
        await EventuallyAsync(
            async () => (await HealthAsync(host.Endpoint)).StartsWith($"503 Unhealthy: The data file {DataFile} is damaged", StringComparison.Ordinal),
            "the damage is noticed");
        using var client = Connect(host.ConnectionString);
        var container = client.GetContainer("d", "c");
        var refused = await Should.ThrowAsync<CosmosException>(() => container.ReadItemAsync<Thing>("7", new("7")));
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Message.ShouldContain("restore the directory from a copy, choose another --data directory");
        refused = await Should.ThrowAsync<CosmosException>(() => container.CreateItemAsync(Item("new")));
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private async Task ExportsAndRepairsAsync(int atLeast, bool lost)
    {
        var output = _data.File("export");
        var (code, said, errors) = await EmulatorProcess.RunWithOutputAsync("export", "--data", _data.Path, "--output", output);
        code.ShouldBe(lost ? 3 : 0, said + errors);
        var exported = Read(Path.Combine(output, "d.c.jsonl"));
        exported.Count.ShouldBeGreaterThanOrEqualTo(atLeast, said);

        (code, said, errors) = await EmulatorProcess.RunWithOutputAsync("repair", "--data", _data.Path);
        code.ShouldBe(lost ? 3 : 0, said + errors);
        said.ShouldContain($"d/c: {exported.Count} documents");
        said.Contains("lost", StringComparison.Ordinal).ShouldBe(lost, said);
        Directory.GetDirectories(_data.Path, "damaged-*").ShouldHaveSingleItem();
        await using var host = await StartAsync();
        using var client = Connect(host.ConnectionString);
        var container = client.GetContainer("d", "c");
        foreach (var thing in exported)
            thing.ShouldBe(Item(thing.id));
        foreach (var thing in exported.Where((_, i) => i % 20 == 0))
            (await container.ReadItemAsync<Thing>(thing.id, new(thing.pk))).Resource.ShouldBe(thing);
        using var feed = container.GetChangeFeedIterator<Thing>(ChangeFeedStartFrom.Beginning(), ChangeFeedMode.Incremental);
        (await ReadAsync(feed)).Ids.ShouldBe(exported.Select(thing => thing.id), ignoreOrder: true);
        await container.UpsertItemAsync(Item("after"));
        (await HealthAsync(host.Endpoint)).ShouldBe("200 Healthy");
    }

    private static List<Thing> Read(string file) =>
        [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Thing>(line)!)];

    private static async Task<(string Continuation, List<string> Ids)> ReadAsync(FeedIterator<Thing> feed)
    {
        var ids = new List<string>();
        while (true)
        {
            var page = await feed.ReadNextAsync();
            if (page.StatusCode == HttpStatusCode.NotModified)
                return (page.ContinuationToken, ids);
            ids.AddRange(page.Select(thing => thing.id));
        }
    }

    private Task<EmulatorHost> StartAsync() => EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = _data.Path });

    private static CosmosClient Connect(string connectionString) =>
        new(connectionString, new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });

    private static Thing Item(string id) => new(id, id, new StringBuilder().Insert(0, $"text-of-{id} ", 200 + id.Length).ToString());

    public void Dispose() => _data.Dispose();

    private sealed record Thing(string id, string pk, string text);
}
