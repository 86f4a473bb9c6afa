using ChangeFeed.DeltaLake;
using ChangeFeed.Sinks;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Archive;
using Orders.Archive.Commands;
using Orders.Contracts;
using Orders.Sinks.Tests.Support;
using Orders.Testing;

namespace Orders.Sinks.Tests;

/// <summary>The command: questions in SQL, the table as it was, upkeep, and what it says to a mistake.</summary>
public sealed class ArchiveCommandTests : IDisposable
{
    private const string ByCountry = "select country, sum(total) as total from events where total is not null group by country order by country";

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_question_in_SQL_is_answered_over_the_live_files()
    {
        await WriteAsync();

        (await RunAsync("query", ByCountry)).ShouldBe("country  total\nDE       30\nUS       212.58\n");
        (await RunAsync("query", "select count(*) as events, min(day) as day, max(occurred_at) as last from events"))
            .ShouldBe("events  day         last\n6       2026-03-14  2026-03-14T15:09:27Z\n");
        (await RunAsync("query", ByCountry, "--version", "0")).ShouldBe("country  total\n");
        (await RunAsync("query", "select count(*) as n from events", "--version", "1")).ShouldBe("n\n3\n");
    }

    [Fact]
    public async Task Compaction_changes_no_answer_and_is_in_the_history()
    {
        await WriteAsync();

        (await RunAsync("compact")).ShouldBe("2 files became 1, with 6 rows; 0 were brought to the schema of this build.\n");

        (await RunAsync("query", ByCountry)).ShouldBe("country  total\nDE       30\nUS       212.58\n");
        var history = (await RunAsync("history")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        history.Length.ShouldBe(4);
        history[0].ShouldContain("OPTIMIZE");
        history[0].ShouldContain("+1 -2 files, 6 rows");
        history[1].ShouldEndWith("archive/0 at 6");
        (await RunAsync("history", "--last", "1")).ShouldBe(history[0] + "\n");
        (await RunAsync("vacuum")).ShouldBe("0 files with 0 bytes are deleted.\n"); // nothing is a week old
    }

    [Theory]
    [InlineData(new[] { "query", "selct 1" }, "syntax error")]
    [InlineData(new[] { "query", "select nothing from events" }, "\"nothing\"")]
    [InlineData(new[] { "query" }, "'query' is not understood, or lacks something.")]
    [InlineData(new[] { "qeury", "--last", "1" }, "'qeury' is not understood")]
    [InlineData(new[] { "history", "--lst", "1" }, "'--lst' is no option")]
    [InlineData(new[] { "query", "select 1", "--version", "x" }, "--version is 'x': it must be a whole number")]
    [InlineData(new[] { "query", "select 1", "--version", "9" }, "has no version 9")]
    [InlineData(new[] { "query", "select 1", "--at", "soon" }, "--at is 'soon': it must be a time such as")]
    [InlineData(new[] { "query", "select 1", "--at", "2001-01-01" }, "has no version as old as 2001-01-01")]
    [InlineData(new[] { "vacuum", "--keep", "0" }, "--keep is '0'")]
    [InlineData(new[] { "cool", "--hot", "soon" }, "--hot is 'soon': it must be a time such as 30d")]
    [InlineData(new[] { "cool", "--grace", "0s" }, "--grace is '0s': it must be a time")]
    [InlineData(new[] { "restore" }, "'restore' is not understood, or lacks something.")]
    [InlineData(new[] { "history", "--last" }, "'--last' is no option, or needs a value")]
    public async Task A_mistake_is_named(string[] arguments, string problem)
    {
        await WriteAsync();

        (await FailAsync(arguments)).ShouldContain(problem);
    }

    [Fact]
    public async Task Where_there_is_no_archive_none_is_made()
    {
        (await FailAsync("compact")).ShouldContain($"There is no archive at {_directory.File("events")}");
        Directory.GetFileSystemEntries(_directory.Path).ShouldBeEmpty();
    }

    /// <summary>Six orders as they are placed, and what five of them come to.</summary>
    private async Task WriteAsync()
    {
        var table = new ArchiveLocation(_directory.Path, "", "").Table(1, TimeProvider.System, "test");
        using var sink = new ArchiveSink(table, OrderEvents.Map, NullLogger<ArchiveSink>.Instance);
        object[] taxed = [OrderStream.Taxed(), OrderStream.Taxed(), OrderStream.Taxed() with { Jurisdiction = "DE", Total = 30m }];
        for (var version = 0; version < 2; version++)
        {
            var batch = taxed.Select((tax, n) => OrderStream.Given(OrdersGiven.Begin(n), tax).Events[version] with { StreamId = $"order-{n}" });
            await sink.WriteAsync([.. batch.Select((e, n) => new DeliveredEvent(e, "0", 1 + (version * 3) + n))], Stop);
        }
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await CommandAsync(arguments);
        error.ShouldBeEmpty();
        code.ShouldBe(0);
        return output;
    }

    private async Task<string> FailAsync(params string[] arguments)
    {
        var (code, _, error) = await CommandAsync(arguments);
        code.ShouldBe(1);
        error.ShouldNotContain("   at ");
        return error;
    }

    private async Task<(int Code, string Output, string Error)> CommandAsync(string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        string[] all = [arguments[0], "--directory", _directory.Path, .. arguments[1..]];
        return (await ArchiveCommands.RunAsync(all, output, error, Stop), output.ToString(), error.ToString());
    }
}
