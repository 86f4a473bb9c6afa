using System.Diagnostics;
using System.Text.RegularExpressions;
using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;

namespace Orders.Pipeline.Tests;

/// <summary>Follows docs/adding-a-service.md to the letter: what it says to write is written, built, run, and does what it says.</summary>
[Collection(nameof(SharedPipeline))]
public sealed partial class AddingAServiceTests(SharedPipeline shared)
{
    private const string Service = "Orders.FraudCheck";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Appears = TimeSpan.FromMinutes(1);

    private static string Page => File.ReadAllText(Path.Combine(RunningPipeline.RepositoryRoot, "docs", "adding-a-service.md"));

    [Fact]
    public async Task The_service_of_the_page_builds_runs_and_appends_its_event()
    {
        // Below the repository, so that its settings of the build hold here too.
        var directory = Directory.CreateDirectory(
            Path.Combine(RunningPipeline.RepositoryRoot, "artifacts", "adding-a-service", Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            await WriteAndBuildAsync(directory);
            // A database of its own: nobody else reacts to what happens there.
            var database = $"recipe-{Guid.NewGuid():N}";
            using var service = Start(directory, database);
            var output = Task.WhenAll(
                service.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
                service.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            try
            {
                await CancelsAsync(database, service);
            }
            finally
            {
                service.Kill();
                TestContext.Current.TestOutputHelper?.WriteLine(string.Concat(await output));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void The_line_of_the_page_is_how_the_app_host_adds_its_workers()
    {
        var line = CodeBlocks().Matches(Page).Select(block => block.Groups["code"].Value.Trim())
            .Single(code => code.StartsWith("builder.AddWorker", StringComparison.Ordinal));
        var appHost = File.ReadAllText(Path.Combine(RunningPipeline.RepositoryRoot, "ChangeFeed.AppHost", "AppHost.cs"));

        appHost.ShouldContain(line
            .Replace("FraudCheck", "Tax", StringComparison.Ordinal)
            .Replace("Shield", "Calculator", StringComparison.Ordinal)
            .Replace("fraud-check", "tax", StringComparison.Ordinal));
    }

    private static async Task WriteAndBuildAsync(string directory)
    {
        var files = Files().Matches(Page);
        files.Select(file => file.Groups["name"].Value)
            .ShouldBe([$"{Service}.csproj", "FraudDecisions.cs", "WhenOrderPlaced.cs", "Program.cs"]);
        foreach (Match file in files)
            await File.WriteAllTextAsync(
                Path.Combine(directory, file.Groups["name"].Value),
                file.Groups["code"].Value.Replace("\"../", $"\"{RunningPipeline.RepositoryRoot}/src/orders/", StringComparison.Ordinal));

        // What it refers to is built already: this test refers to it as well.
        using var build = Process.Start(new ProcessStartInfo(
            "dotnet", ["build", directory, "-c", RunningPipeline.Configuration, "-v", "q", "--nologo", "-p:BuildProjectReferences=false"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline);
        build.ExitCode.ShouldBe(0, output);
    }

    private Process Start(string directory, string database)
    {
        var program = Path.Combine(directory, "bin", RunningPipeline.Configuration, "net10.0", $"{Service}.dll");
        var start = new ProcessStartInfo("dotnet", [program])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__cosmos"] = shared.Pipeline.ConnectionString;
        start.Environment["Cosmos__Database"] = database;
        return Process.Start(start)!;
    }

    private async Task CancelsAsync(string database, Process service)
    {
        using var client = shared.Pipeline.CreateCosmosClient();
        var events = client.GetContainer(database, "events");
        await Eventually.GetAsync(() => ExistsAsync(events, service), there => there, Appears, "The container of the service's events");

        var store = new CosmosEventStore(events, OrderEvents.Map, TimeProvider.System);
        var order = new OrderPlaced(
            "c-1001", "ada@example.org", "USD", "tok_visa",
            new Address("Ada Lovelace", "1 Main St", "Seattle", "98101", "US", Region: "WA"),
            [new OrderLine("KB-01", "Keyboard", 101, 49.90m)], 101 * 49.90m);
        var small = order with { Lines = [new OrderLine("KB-01", "Keyboard", 100, 49.90m)], Subtotal = 4990m };
        await AppendAsync("small", small);
        await AppendAsync("large", order);

        var stream = await Eventually.GetAsync(() => store.ReadStreamAsync("large", TestContext.Current.CancellationToken),
            read => read.Count > 1, Appears, "The event of the service");
        stream[1].Data.ShouldBe(new OrderCancelled("More than 100 pieces of one article."));
        stream[1].Meta.By.ShouldBe("fraud-check");
        stream[1].Meta.CausationId.ShouldBe(stream[0].Meta.EventId);
        (await store.ReadStreamAsync("small", TestContext.Current.CancellationToken)).Count.ShouldBe(1);

        Task AppendAsync(string id, OrderPlaced placed) => store.AppendAsync(
            id, CosmosEventStore.NoStream, [placed], new AppendContext("test"), TestContext.Current.CancellationToken);
    }

    private static async Task<bool> ExistsAsync(Container container, Process service)
    {
        service.HasExited.ShouldBeFalse("The service of the page has ended.");
        using var response = await container.ReadContainerStreamAsync(cancellationToken: TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode;
    }

    [GeneratedRegex(
        """^`src/orders/Orders\.FraudCheck/(?<name>[\w.]+)`:\s+```\w+\n(?<code>.*?)^```""",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Files();

    [GeneratedRegex("""^```\w*\n(?<code>.*?)^```""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}
