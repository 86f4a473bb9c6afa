using System.Globalization;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Rebuild;
using ChangeFeed.Projections.Verify;
using ChangeFeed.Projections.Versions;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using Orders.Hosting;

namespace Orders.Views.Tools;

/// <summary>What <c>dotnet run --project src/orders/Orders.Views -- …</c> does beside keeping the views.</summary>
internal static class ViewTools
{
    private const string Help = """
        dotnet run --project src/orders/Orders.Views                keeps the views up to date (what the app host runs)
        dotnet run --project src/orders/Orders.Views -- COMMAND
          list                                               the views and their versions
          rebuild VIEW [--accept-differences]                builds the next version from all events, compares, switches readers; run it
                                                             again to go on after an interruption, or elsewhere at the same time to help
          verify [VIEW...] [--settle SECONDS]                folds every stream and compares it with the views; exit code 2 when something
                                                             is different and still is after 30 seconds, or as many as are given
          remove VIEW vN                                     deletes a version that no longer, or does not yet, serve
        ConnectionStrings__cosmos says which store; the embedded one on its usual port when it is not set.
        """;

    private static readonly string[] Commands = ["list", "rebuild", "remove", "verify", "help", "--help", "-h"];

    public static bool IsCommand(string[] args) => args is [var first, ..] && Commands.Contains(first);

    /// <returns>The exit code: 0 when it is done, 1 when not, 2 when views are wrong, 130 when interrupted.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return await ToolHost.RunAsync(services => RunAsync(args, services, stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted. Readers are where they were; the same command goes on where this one ended.");
            return 130;
        }
        catch (Exception e) when (e is ViewCommandException or StartupException)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"The store does not answer as it should: {e.Message}");
        }

        return 1;
    }

    private static async Task<int> RunAsync(string[] args, IServiceProvider services, CancellationToken stop)
    {
        var containers = services.GetRequiredService<ViewDatabase>();
        var events = services.GetRequiredService<EventSource>();
        var time = services.GetRequiredService<TimeProvider>();
        switch (args)
        {
            case ["list"]:
                await VersionList.PrintAsync(containers, AllViews.List, Console.Out, stop);
                return 0;
            case ["rebuild", var name, .. var options] when options is [] or ["--accept-differences"]:
                return await RebuildAsync(Find(name), acceptDifferences: options.Length > 0, services, stop);
            case ["remove", var name, ['v', .. var number]] when int.TryParse(number, out var version) && version > 0:
                await new VersionRemoval(containers, time).RunAsync(Find(name).Name, version, stop);
                Console.WriteLine($"v{version} of {name} is removed.");
                return 0;
            case ["verify", .. var rest]:
                var (views, settling) = VerifyArguments(rest);
                return await ProgressDisplay.RunAsync(progress => VerifyAsync(
                    new Verifier(containers, events, time, progress) { Settling = settling }, views, progress, stop));
            case ["help" or "--help" or "-h", ..]:
                Console.WriteLine(Help);
                return 0;
            default:
                throw new ViewCommandException($"'{string.Join(' ', args)}' is not understood.{Environment.NewLine}{Help}");
        }
    }

    private static async Task<int> RebuildAsync(IView view, bool acceptDifferences, IServiceProvider services, CancellationToken stop)
    {
        var cosmos = services.GetRequiredService<IOptions<CosmosOptions>>().Value;
        using var bulk = CosmosClientFactory.CreateBulk(cosmos, ToolHost.Name, [.. services.GetServices<RequestHandler>()]);
        return await ProgressDisplay.RunAsync(async progress =>
        {
            var rebuilder = new Rebuilder(
                services.GetRequiredService<ViewDatabase>(), services.GetRequiredService<EventSource>(), services.GetRequiredService<TimeProvider>(), progress,
                services.GetRequiredService<IViewEnrichment>())
            {
                Bulk = new ViewDatabase(bulk.GetDatabase(cosmos.Database)),
            };
            var version = await rebuilder.RunAsync(view, acceptDifferences, stop);
            progress.Say($"v{version} of {view.Name} serves. The version before it is kept up to date until it is removed with the command remove.");
            return 0;
        });
    }

    private static async Task<int> VerifyAsync(Verifier verifier, IReadOnlyList<IView> views, IProgressDisplay progress, CancellationToken stop)
    {
        var result = await verifier.RunAsync(views, stop);
        foreach (var line in result.Differences)
            progress.Say(line);
        progress.Say($"{result.Streams} streams with {result.Events} events, {result.Documents} documents of {views.Count} views: "
            + (result.Differences.Count == 0 ? "all as the events say." : $"{result.Differences.Count} differences."));
        return result.Differences.Count == 0 ? 0 : 2;
    }

    private static (IReadOnlyList<IView> Views, TimeSpan Settling) VerifyArguments(string[] arguments)
    {
        var settling = Verifier.DefaultSettling;
        if (arguments is [.. var names, "--settle", var seconds])
        {
            if (!int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var given))
                throw new ViewCommandException($"--settle is '{seconds}': it must be a whole number of seconds.");
            (arguments, settling) = (names, TimeSpan.FromSeconds(given));
        }

        return (arguments is [] ? AllViews.List : [.. arguments.Select(Find)], settling);
    }

    private static IView Find(string name) => AllViews.List.FirstOrDefault(v => v.Name == name)
        ?? throw new ViewCommandException($"There is no view '{name}'. The views are: {string.Join(", ", AllViews.List.Select(v => v.Name))}.");
}
