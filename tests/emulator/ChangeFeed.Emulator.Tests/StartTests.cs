using System.Diagnostics;

namespace ChangeFeed.Emulator.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_second_emulator_on_the_same_data_is_refused_with_one_sentence()
    {
        using var data = new TemporaryDirectory();
        await using var first = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = data.Path });
        var (code, errors) = await EmulatorProcess.RunAsync("--port", "0", "--data", data.Path);
        code.ShouldBe(1);
        errors.ShouldBe($"The data directory {data.Path} is in use by another emulator; stop that one or choose another with --data.");
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_one_sentence()
    {
        await using var first = await EmulatorHost.StartAsync(new() { Port = 0, InMemory = true });
        var (code, errors) = await EmulatorProcess.RunAsync("--port", $"{first.Endpoint.Port}", "--in-memory");
        code.ShouldBe(1);
        errors.ShouldBe($"Port {first.Endpoint.Port} is in use; stop what uses it or choose another with --port.");
    }

    [Theory]
    [InlineData("this is not a database, it only says so in a rather long sentence that fills more than a header")]
    [InlineData("SQLite format 3\0 and then nothing that makes sense, on and on, until the header is long enough to be read")]
    public async Task A_damaged_data_file_is_told_in_one_sentence(string content)
    {
        using var data = new TemporaryDirectory();
        await File.WriteAllTextAsync(data.File("emulator.db"), content.PadRight(4096, 'x'));
        var exception = await Should.ThrowAsync<EmulatorStartException>(
            () => EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = data.Path }));
        exception.Message.ShouldStartWith($"The data file {data.File("emulator.db")} is damaged");
    }

    [Fact]
    public async Task Stopping_takes_no_time_even_with_reads_held_open()
    {
        using var data = new TemporaryDirectory();
        var host = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = data.Path });
        using var client = new Microsoft.Azure.Cosmos.CosmosClient(
            host.ConnectionString,
            new()
            {
                ConnectionMode = Microsoft.Azure.Cosmos.ConnectionMode.Gateway,
                LimitToEndpoint = true,
                CustomHandlers = { new Hold() }
            });
        Microsoft.Azure.Cosmos.Database database = await client.CreateDatabaseAsync("d");
        Microsoft.Azure.Cosmos.Container container = await database.CreateContainerAsync("c", "/pk");
        var reads = (await container.GetFeedRangesAsync())
            .Select(
                range => container
                    .GetChangeFeedStreamIterator(
                        Microsoft.Azure.Cosmos.ChangeFeedStartFrom.Now(range), Microsoft.Azure.Cosmos.ChangeFeedMode.LatestVersion)
                    .ReadNextAsync())
            .ToList();
        await Task.Delay(200);
        reads.ShouldAllBe(read => !read.IsCompleted);
        var clock = Stopwatch.StartNew();
        await host.DisposeAsync();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData("--prot 1", "The option --prot is unknown; --help lists the options.")]
    [InlineData("--port", "The option --port needs a value.")]
    [InlineData("--regions west", "--regions is 'west'; they must be 2 to 8 different names, each of letters, digits, spaces and hyphens.")]
    [InlineData("--regions a,A", "--regions is 'a,A'; they must be 2 to 8 different names, each of letters, digits, spaces and hyphens.")]
    [InlineData("--replication-lag -1", "--replication-lag is '-1'; it must be a whole number from 0 to 3600000.")]
    [InlineData("--region-ports 1,x", "--region-ports is 'x'; it must be a whole number from 1 to 65535.")]
    [InlineData("--port x", "--port is 'x'; it must be a whole number from 0 to 65535.")]
    [InlineData("--partitions 0", "--partitions is '0'; it must be a whole number from 1 to 1000.")]
    [InlineData("--explorer maybe", "--explorer is 'maybe'; it must be full, read-only or off.")]
    [InlineData("--key nonsense!", "--key must be an account key in Base64.")]
    public async Task A_wrong_command_line_is_told_in_one_sentence(string arguments, string message)
    {
        var (code, errors) = await EmulatorProcess.RunAsync(arguments.Split(' '));
        code.ShouldBe(2);
        errors.ShouldBe(message);
    }

    [Fact]
    public void The_command_line_comes_before_the_environment()
    {
        var environment = new Dictionary<string, string>
        {
            ["EMULATOR__PORT"] = "5000",
            ["EMULATOR__INMEMORY"] = "true",
            ["EMULATOR__PARTITIONS"] = "2",
            ["ASPNETCORE_URLS"] = "http://*:7000"
        };
        var options = CommandLine.Parse(["--port=6000", "--data", "d"], environment.GetValueOrDefault);
        options.ShouldBe(new() { Port = 6000, Host = "0.0.0.0", InMemory = true, Partitions = 2, DataDirectory = "d" });
    }

    [Fact]
    public void The_data_explorer_is_full_unless_told_otherwise()
    {
        CommandLine.Parse([], _ => null).Explorer.ShouldBe(ExplorerMode.Full);
        CommandLine.Parse(["--explorer", "read-only"], _ => null).Explorer.ShouldBe(ExplorerMode.ReadOnly);
        CommandLine.Parse([], name => name == "EMULATOR__EXPLORER" ? "off" : null).Explorer.ShouldBe(ExplorerMode.Off);
    }

    [Fact]
    public void Queries_without_an_index_are_served_where_that_is_asked_for()
    {
        CommandLine.Parse([], _ => null).LenientIndexing.ShouldBeFalse();
        CommandLine.Parse(["--lenient-indexing"], _ => null).LenientIndexing.ShouldBeTrue();
        CommandLine.Parse([], name => name == "EMULATOR__LENIENTINDEXING" ? "true" : null).LenientIndexing.ShouldBeTrue();
    }

    private sealed class Hold : Microsoft.Azure.Cosmos.RequestHandler
    {
        public override Task<Microsoft.Azure.Cosmos.ResponseMessage> SendAsync(
            Microsoft.Azure.Cosmos.RequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("x-ms-emulator-longpoll", "30000");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
