using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Archive;
using Orders.Archive.Commands;
using Orders.Sinks.Tests.Support;

namespace Orders.Sinks.Tests;

/// <summary>What is wrong with the place of the archive is said at start, in one sentence that names the setting.</summary>
public sealed class ArchiveStartupTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_table_that_needs_a_newer_writer()
    {
        var table = new ArchiveLocation(_directory.Path, "", "").Table(1, TimeProvider.System, "test");
        await table.OpenOrCreateAsync(ArchiveTable.Schema, Stop);
        await File.WriteAllTextAsync(
            _directory.File("events/_delta_log/00000000000000000001.json"), """{"protocol":{"minReaderVersion":3,"minWriterVersion":7}}""", Stop);

        (await StartAsync(("Sinks:Archive:Directory", _directory.Path)))
            .ShouldBe("The archive at Sinks:Archive:Directory cannot be used: The table needs a reader of version 3; this one knows 1.");
    }

    [Fact]
    public async Task Credentials_that_are_refused()
    {
        await using var azurite = new Azurite();
        await azurite.StartAsync();

        (await StartAsync(("ConnectionStrings:archive", azurite.WithWrongKey)))
            .ShouldBe("The archive at ConnectionStrings:archive does not let this service in: AuthorizationFailure.");
        (await StartAsync(("ConnectionStrings:archive", azurite.ConnectionString))).ShouldBeNull();
    }

    [Fact]
    public async Task In_a_storage_account_one_of_two_commits_and_the_command_answers()
    {
        await using var azurite = new Azurite();
        await azurite.StartAsync();
        var location = new ArchiveLocation("", azurite.ConnectionString, "archive");
        await location.PrepareAsync(Stop);
        var storage = location.Storage(1);
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => storage.TryCreateAsync("one", new byte[] { (byte)n }, Stop)));
        created.Count(isOne => isOne).ShouldBe(1);
        await storage.DeleteAsync("one", Stop);
        (await storage.OpenAsync("one", Stop)).ShouldBeNull();

        var table = location.Table(1, TimeProvider.System, "test");
        var snapshot = await table.OpenOrCreateAsync(ArchiveTable.Schema, Stop);
        var row = ArchiveRow.Of(Orders.Testing.OrderStream.Given(Orders.Testing.OrderStream.Taxed()).Last, Contracts.OrderEvents.Map);
        var file = await table.WriteFileAsync(ArchiveTable.Schema, new Dictionary<string, string?> { ["day"] = "2026-03-14" }, [row], cancellationToken: Stop);
        (await table.TryCommitAsync(snapshot, new DeltaChange("WRITE") { Added = [file] }, Stop)).ShouldNotBeNull();
        (await table.TryCommitAsync(snapshot, new DeltaChange("WRITE") { Added = [file] }, Stop)).ShouldBeNull();
        await table.WriteCheckpointAsync((await table.FindAsync(Stop))!, Stop);

        using var output = new StringWriter { NewLine = "\n" };
        await new ArchiveQuery(storage).RunAsync((await table.FindAsync(Stop))!, "select country, total from events", output, Stop);
        output.ToString().ShouldBe("country  total\nUS       106.29\n");
    }

    private static async Task<string?> StartAsync(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Sinks:Enabled", "archive"), .. settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))])
            .Build();
        SinkSettings.TryRead(configuration, out var read, out _).ShouldBeTrue();
        try
        {
            await new ArchiveStartup(read, TimeProvider.System, NullLogger<ArchiveStartup>.Instance).StartAsync(Stop);
            return null;
        }
        catch (StartupException e)
        {
            return e.Message;
        }
    }
}
