using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bench.Care;
using Bench.Harness;
using Bench.Pipeline;
using Bench.Subjects;
using Bench.Views;
using Microsoft.Azure.Cosmos;
using Orders.ReadModels;

namespace Bench.Scale;

/// <summary>
/// A data directory of the system with so many orders in it: their events written in bulk, the views built from them by their own command, and every
/// worker moved behind them. It is filled once and kept where the user says.
/// </summary>
internal static class FilledStore
{
    /// <summary>Of all containers that grow.</summary>
    public const int Partitions = 4;

    /// <summary>Orders that go through their steps together: the events of an order stay in order, and lie apart, as when they come by themselves.</summary>
    private const int Wave = 5_000;

    private const string Done = "filled.json";

    private static readonly TimeSpan RebuildDeadline = TimeSpan.FromHours(2);

    /// <summary>Fills a directory, unless it is filled already.</summary>
    /// <returns>How it was filled; null for no orders.</returns>
    public static async Task<Fill?> PrepareAsync(ScaleOptions options, string directory, int orders, CancellationToken stop)
    {
        var done = Path.Combine(directory, Done);
        if (File.Exists(done))
            return JsonSerializer.Deserialize<Fill?>(await File.ReadAllTextAsync(done, stop));
        if (Directory.EnumerateFileSystemEntries(directory).Any())
            throw new BenchException($"'{directory}' is filled in part: delete it, and it is filled anew.");
        // Containers and leases are made by those whose they are.
        Progress.Say("starting the system for the first time");
        await using (var system = await ScaleSystem.StartAsync(options, "first start", directory, Partitions, instances: 1, stop))
        {
            await system.RunOrderAsync();
            await new FeedProgress(system.Stored).CatchUpAsync(stop);
        }

        var fill = orders == 0 ? null : await FillAsync(directory, orders, stop);
        await File.WriteAllTextAsync(done, JsonSerializer.Serialize(fill), stop);
        return fill;
    }

    /// <summary>The store alone, on the directory of a system.</summary>
    public static Task<CosmosEndpoint> StartStoreAsync(string directory, CancellationToken stop) =>
        CosmosEndpoint.StartEmulatorAsync("store", StoreOf(directory), Partitions, stop);

    /// <summary>Size of what the store keeps, in megabytes.</summary>
    public static double Megabytes(string directory) =>
        new DirectoryInfo(StoreOf(directory)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1e6;

    private static string StoreOf(string directory) => Path.Combine(directory, "cosmos");

    private static async Task<Fill> FillAsync(string directory, int orders, CancellationToken stop)
    {
        await using var store = await StartStoreAsync(directory, stop);
        using var client = CosmosAccount.ConnectBulk(store.Address);
        var database = client.GetDatabase(RealSystem.Database);
        var start = Stopwatch.GetTimestamp();
        for (var first = 0; first < orders; first += Wave)
        {
            await WriteWaveAsync(database.GetContainer(RealSystem.Events), first, Math.Min(orders, first + Wave), stop);
            var written = Math.Min(orders, first + Wave);
            Progress.Say($"{written:#,0} of {orders:#,0} orders, {written / Stopwatch.GetElapsedTime(start).TotalSeconds:#,0}/s");
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var rebuilds = new Dictionary<string, Rebuild>();
        foreach (var view in ViewContainers.All.Select(definition => definition.Name))
        {
            Progress.Say($"building {view}");
            var begun = Stopwatch.GetTimestamp();
            // What serves until now knows none of the orders.
            var built = (await CommandAsync("Built ", "rebuild", view, "--accept-differences")).Split(' '); // N events in S s, R/s.
            rebuilds[view] = new Rebuild(
                int.Parse(built[0], CultureInfo.InvariantCulture), double.Parse(built[3], CultureInfo.InvariantCulture),
                Stopwatch.GetElapsedTime(begun).TotalSeconds);
            await CommandAsync(null, "remove", view, "v1");
        }

        await new FeedProgress(database).SkipAllAsync(stop);
        return new Fill(orders, seconds, rebuilds.ToImmutableSortedDictionary());

        Task<string> CommandAsync(string? line, params string[] arguments) =>
            ViewsCommand.RunAsync(CosmosAccount.ConnectionString(store.Address), line, RebuildDeadline, stop, arguments);
    }

    private static async Task WriteWaveAsync(Container events, int first, int end, CancellationToken stop)
    {
        var orders = Enumerable.Range(first, end - first).Select(n => (Id: CareOrders.IdOf(n), Events: CareOrders.EventsOf(n).ToList())).ToList();
        for (var version = 0; version < orders.Max(order => order.Events.Count); version++)
            await Task.WhenAll(orders.Where(order => version < order.Events.Count).Select(order => WriteAsync(order.Id, order.Events[version])));

        async Task WriteAsync(string stream, byte[] body)
        {
            using var answer = await events.CreateItemStreamAsync(
                new MemoryStream(body), new PartitionKey(stream), new() { EnableContentResponseOnWrite = false }, stop);
            answer.EnsureSuccessStatusCode();
        }
    }
}
