using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orders.Archive.Cooling;
using Orders.Contracts;
using Orders.Testing;
using static Orders.Testing.OrderStream;

namespace Orders.Sinks.Tests;

/// <summary>The drill of docs/hybrid-read.md: the command as it is run, killed and run again, while orders are placed, refunded and brought back.</summary>
public sealed class CoolingDrillTests : IAsyncLifetime
{
    private static readonly CustomerNotified Told = new(NoticeKind.Shipped, "email", "sealed1.x", "On its way", "shipped-1@example.org");
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BetweenOrders = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenRefunds = TimeSpan.FromMilliseconds(500);

    private readonly TemporaryDirectory _directory = new();
    private readonly ServiceOnStore<SinkSettings> _service;
    private readonly ConcurrentDictionary<string, int> _orders = []; // how many events each has
    private int _kills;
    private int _restored;

    public CoolingDrillTests() =>
        _service = new()
        {
            Settings =
            {
                ["Sinks:Enabled"] = "archive",
                ["Sinks:Archive:Directory"] = _directory.Path,
                ["Sinks:Archive:Writing:BatchDelay"] = "00:00:00.05",
            },
        };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CommandProcess Command =>
        new("archive", ("ConnectionStrings__cosmos", _service.Services.GetRequiredService<IConfiguration>().GetConnectionString("cosmos")!));

    public async ValueTask InitializeAsync() => await ((IAsyncLifetime)_service).InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Orders_leave_and_come_back_under_load_with_kills_and_every_one_is_whole()
    {
        using var load = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var work = new[] { PlaceAsync(load.Token), RefundAsync(load.Token), RestoreAsync(load.Token), CoolAndKillAsync(load.Token) };
        await Eventually.UntilAsync(
            () => work.Any(task => task.IsFaulted) || (_kills >= 4 && _restored >= 4 && _orders.Count >= 100), "enough has happened", Deadline);
        await load.CancelAsync();
        await Task.WhenAll(work);

        // The last orders are too young at first.
        var total = _orders.Values.Sum();
        await Eventually.UntilAsync(
            async () => (await RunAsync("cool", "--hot", "5s", "--grace", "1s")).ExitCode == 0 && await CountAsync() < total / 2, "most has left", Deadline);
        var (code, text) = await RunAsync("verify");
        code.ShouldBe(0, text);
        foreach (var (order, events) in _orders)
            (await _service.Events.ReadStreamAsync(order, Stop)).Select(e => e.Version).ShouldBe(Enumerable.Range(0, events).Select(v => (long)v));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_orders.Count} orders with {total} events, {await CountAsync()} documents are left; {_kills} kills, {_restored} orders came back.");
    }

    private async Task PlaceAsync(CancellationToken stop)
    {
        while (await GoesOnAsync(BetweenOrders, stop))
            _orders[await _service.AppendAsync(Placed(), Taxed(), Captured(), Shipped(), Told)] = 5;
    }

    private async Task RefundAsync(CancellationToken stop)
    {
        while (await GoesOnAsync(BetweenRefunds, stop))
        {
            if (Any() is not { } order)
                continue;
            await _service.AppendToAsync(order, RefundAsked());
            await _service.AppendToAsync(order, Refunded(), Told);
            _orders[order] += 3;
        }
    }

    private async Task RestoreAsync(CancellationToken stop)
    {
        var cold = new ColdOrders(_directory.Path);
        while (await GoesOnAsync(BetweenOrders, stop))
        {
            try
            {
                if (Any() is { } order && await cold.RestoreAsync(_service.Database, order) > 0)
                    _restored++;
            }
            catch (CoolingException)
            {
                // The other one was faster.
            }
        }
    }

    private async Task CoolAndKillAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await RunAsync("cool", "--hot", "5s", "--grace", "1s"); // refuses while the archive's sink is behind
            using var killed = Start("cool", "--hot", "5s", "--grace", "1s");
            await Task.WhenAny(killed.WaitForExitAsync(Stop), Task.Delay(Random.Shared.Next(400, 1500), Stop)); // the moment is random: that is the test
            if (killed.HasExited)
                continue;
            killed.Kill();
            await killed.WaitForExitAsync(Stop);
            _kills++;
        }
    }

    /// <summary>The rate of what goes on; false once it is over.</summary>
    private static async Task<bool> GoesOnAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return !stop.IsCancellationRequested;
    }

    private string? Any() => _orders.Keys.ElementAtOrDefault(Random.Shared.Next(Math.Max(1, _orders.Count)));

    private Process Start(params string[] arguments) => Command.Start([.. arguments, "--directory", _directory.Path]);

    private Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => Command.RunAsync([.. arguments, "--directory", _directory.Path]);

    private async Task<int> CountAsync()
    {
        using var pages = _service.Database.Events.GetItemQueryIterator<int>("SELECT VALUE COUNT(1) FROM c");
        return (await pages.ReadNextAsync(Stop)).Sum();
    }
}
