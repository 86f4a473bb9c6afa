using Bench.Harness;
using Bench.Stub;
using ChangeFeed.Emulator.Testing;

namespace Bench.Store;

/// <summary>Starting a store of its own for a test, in a process that has started one before.</summary>
internal sealed class StartFigure : IFigure<StoreSetup>
{
    public string Name => "start";

    public async Task<IReadOnlyList<Measurement>> RunAsync(StoreSetup setup, CancellationToken stop)
    {
        var (stub, store) = (new Subject("stub", StubAsync), new Subject("emulator", StoreAsync));
        Subject[] all = [stub, store];
        await Rounds.RunAsync(all, 1, s => Rounds.TimeAsync(1, () => s.StartAndStop(stop)), stop);
        var starts = await Rounds.RunAsync(all, setup.Options.Quick ? 3 : 15, s => Rounds.TimeAsync(5, () => s.StartAndStop(stop)), stop);
        var ratio = starts.Ratio(store, stub, s => s.P50);
        return
        [
            Measurement.Of("start and stop in a test's process, warm", stub.Name, starts.All(stub)),
            Measurement.Of("start and stop in a test's process, warm", store.Name, starts.All(store)) with { Ratio = ratio, RatioTo = "stub" },
        ];
    }

    private static async Task StubAsync(CancellationToken stop)
    {
        await using var app = await StubServer.StartAsync(port: 0, partitions: 1, disk: null, stop);
    }

    private static async Task StoreAsync(CancellationToken stop)
    {
        await using var store = await CosmosEmulator.StartAsync(cancellationToken: stop);
    }

    private sealed record Subject(string Name, Func<CancellationToken, Task> StartAndStop);
}
