using Microsoft.Azure.Cosmos;
using OrderPipeline.ServiceDefaults;
using OrderPipeline.Views.Rebuild;

namespace OrderPipeline.Views.Tools;

/// <summary>What <c>dotnet run --project src/Views -- …</c> does beside keeping the views.</summary>
internal static class ViewTools
{
    private const string Help = """
        dotnet run --project src/Views                       keeps the views up to date (what the app host runs)
        dotnet run --project src/Views -- COMMAND
          list                                               the views and their versions
          rebuild VIEW [--accept-differences]                builds the next version from all events, compares, switches readers; run it
                                                             again to go on after an interruption, or elsewhere at the same time to help
          remove VIEW vN                                     deletes a version that no longer, or does not yet, serve
        ConnectionStrings__cosmos says which store; the embedded one on its usual port when it is not set.
        """;

    private static readonly string[] Commands = ["list", "rebuild", "remove", "verify", "help", "--help", "-h"];

    public static bool IsCommand(string[] args) => args is [var first, ..] && Commands.Contains(first);

    /// <returns>The exit code: 0 when it is done, 1 when not, 130 when interrupted.</returns>
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
        catch (Exception e) when (e is ToolException or StartupException)
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
        var database = services.GetRequiredService<OrdersDatabase>();
        var time = services.GetRequiredService<TimeProvider>();
        switch (args)
        {
            case ["list"]:
                await VersionList.PrintAsync(database, AllViews.List, Console.Out, stop);
                return 0;
            case ["rebuild", var name, .. var options] when options is [] or ["--accept-differences"]:
                var view = Find(name);
                return await ProgressDisplay.RunAsync(async progress =>
                {
                    var version = await new Rebuilder(database, services.GetRequiredService<EventStore.EventStore>(), time, progress)
                        .RunAsync(view, acceptDifferences: options.Length > 0, stop);
                    progress.Say($"v{version} of {name} serves. The version before it is kept up to date until it is removed with the command remove.");
                    return 0;
                });
            case ["remove", var name, ['v', .. var number]] when int.TryParse(number, out var version) && version > 0:
                await new VersionRemoval(database, time).RunAsync(Find(name).Name, version, stop);
                Console.WriteLine($"v{version} of {name} is removed.");
                return 0;
            case ["help" or "--help" or "-h", ..]:
                Console.WriteLine(Help);
                return 0;
            default:
                throw new ToolException($"'{string.Join(' ', args)}' is not understood.{Environment.NewLine}{Help}");
        }
    }

    private static IView Find(string name) => AllViews.List.FirstOrDefault(v => v.Name == name)
        ?? throw new ToolException($"There is no view '{name}'. The views are: {string.Join(", ", AllViews.List.Select(v => v.Name))}.");
}
