using Bench.Care;
using Bench.Cost;
using Bench.Harness;
using Bench.Pipeline;
using Bench.Pipeline.Peers;
using Bench.Scale;
using Bench.Sinks;
using Bench.Store;
using Bench.Stub;
using Bench.Views;

namespace Bench;

/// <summary>The command line.</summary>
internal static class Commands
{
    private const string Help = """
        dotnet run -c Release --project bench -- COMMAND [options]

          store      the embedded store: create, feed, point read, growth, rebuild
          pipeline   the whole system from POST to completed, against a bare chain of as many processes
          peers      the whole system in both its shapes, against the same pipeline on Marten, Wolverine and PostgreSQL
          views      rebuilding a view, against copying the same bytes
          sinks      feeding the sinks, against writing the same batches with their clients alone
          cost       request units of an order and at rest, and how far the capacity model is from them; --dir DIR keeps the profile
          care       customer care's pages and search, on 100,000 orders
          scale      the whole system with more partitions and instances, on a filled store, with a hot customer, with long streams
                     --only grid,filled,hot,long; --orders N of a measurement; --under-way N; --partitions, --instances, --sizes A,B,C;
                     --events N of a long stream; --data DIR keeps filled stores; --json FILE keeps the results of all parts, scale.json;
                     --write-docs makes tables and charts of docs/scaling.md from them, and measures nothing
          stub       the floor the others are measured against, on its own: --port PORT [--durable FILE] [--partitions N]

          --check          exit code 1 when a goal is missed
          --json FILE      also write the figures here
          --quick          fewer rounds and less data: to see that it runs, not to judge by
          --only A,B       only these figures
          --dir DIR        keep data in here, on a disk (default: the directory for temporary files)
          --app OPTIONS    options of the app host for the real system, such as "--topology compact"
          --subject-is-floor  measure the floor against itself: how far from 1.00 the ratios are is the error of the method
        """;

    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        switch (args)
        {
            case ["store", .. var rest]:
                return await StoreAsync(BenchOptions.Parse(rest), stop);
            case ["pipeline", .. var rest]:
                return await PipelineAsync(BenchOptions.Parse(rest), stop);
            case ["peers", .. var rest]:
                return await PeersAsync(BenchOptions.Parse(rest), stop);
            case ["views", .. var rest]:
                return await ViewsAsync(BenchOptions.Parse(rest), stop);
            case ["sinks", .. var rest]:
                return await SinksAsync(BenchOptions.Parse(rest), stop);
            case ["cost", .. var rest]:
                return await CostAsync(BenchOptions.Parse(rest), stop);
            case ["care", .. var rest]:
                return await CareAsync(BenchOptions.Parse(rest), stop);
            case ["scale", .. var rest]:
                return await ScaleBench.RunAsync(ScaleOptions.Parse(rest), stop);
            case ["stage", .. var rest]:
                var stage = RoleOptions.Parse(rest, "--endpoint", "--number");
                await Stage.RunAsync(stage.Text("--endpoint"), stage.Number("--number", 1), stop);
                return 0;
            case ["stub", .. var rest]:
                var options = RoleOptions.Parse(rest, "--port", "--durable", "--partitions");
                await StubServer.RunAsync(options.Number("--port", 0), options.Number("--partitions", 4), options.Find("--durable"), stop);
                return 0;
            case ["--help" or "-h"]:
                Console.WriteLine(Help);
                return 0;
            default:
                await Console.Error.WriteLineAsync(Help);
                return 2;
        }
    }

    private static async Task<int> StoreAsync(BenchOptions options, CancellationToken stop)
    {
        using var directory = new WorkDirectory(options.Directory);
        return await Figures.RunAsync(
            "store", options, directory,
            [
                new CreateFigure(), new DeliveryIdleFigure(), new DeliveryLoadFigure(), new PointReadFigure(), new RebuildFigure(), new GrowthFigure(),
                new StartFigure(),
            ],
            () => StoreSetup.StartAsync(options, directory, stop), stop);
    }

    private static async Task<int> PipelineAsync(BenchOptions options, CancellationToken stop)
    {
        using var directory = new WorkDirectory(options.Directory);
        return await Figures.RunAsync(
            "pipeline", options, directory,
            [new IdleOrderFigure(), new LoadedOrderFigure(), new PoisonFigure(), new RestingFigure(), new TraceFigure()],
            () => PipelineSetup.StartAsync(options, directory, stop), stop);
    }

    private static async Task<int> PeersAsync(BenchOptions options, CancellationToken stop)
    {
        if (PeersSetup.Missing is { } missing)
        {
            Console.WriteLine($"peers: skipped: {missing}.");
            return 0;
        }

        using var directory = new WorkDirectory(options.Directory);
        return await Figures.RunAsync(
            "peers", options, directory, [new PeersIdleFigure(), new PeersLoadFigure(), new PeersRestFigure()],
            () => PeersSetup.StartAsync(options, directory, stop), stop);
    }

    private static async Task<int> ViewsAsync(BenchOptions options, CancellationToken stop)
    {
        using var directory = new WorkDirectory(options.Directory);
        return await Figures.RunAsync(
            "views", options, directory, [new ViewRebuildFigure()], () => ViewsSetup.StartAsync(options, directory, stop), stop);
    }

    private static async Task<int> SinksAsync(BenchOptions options, CancellationToken stop)
    {
        using var directory = new WorkDirectory(options.Directory);
        return await Figures.RunAsync(
            "sinks", options, directory, [new SinkFigure("search"), new SinkFigure("archive"), new SinkFigure("cache"), new SinkFigure("bus")],
            () => SinksSetup.StartAsync(options, directory, stop), stop);
    }

    private static async Task<int> CostAsync(BenchOptions options, CancellationToken stop)
    {
        using var directory = new WorkDirectory(options.Directory);
        return await Figures.RunAsync("cost", options, directory, [new CostFigure()], () => CostSetup.StartAsync(options, directory, stop), stop);
    }

    private static async Task<int> CareAsync(BenchOptions options, CancellationToken stop)
    {
        using var directory = new WorkDirectory(options.Directory);
        return await Figures.RunAsync(
            "care", options, directory, [AnswersFigure.Pages, AnswersFigure.Searches], () => CareSetup.StartAsync(options, directory, stop), stop);
    }
}
