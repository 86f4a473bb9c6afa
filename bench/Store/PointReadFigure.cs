using Bench.Harness;
using Microsoft.Azure.Cosmos;

namespace Bench.Store;

/// <summary>Reading one event of 1 KB by its id and partition key.</summary>
internal sealed class PointReadFigure : IFigure<StoreSetup>
{
    private const int Items = 1000;

    private int _next;

    public string Name => "read";

    public async Task<IReadOnlyList<Measurement>> RunAsync(StoreSetup setup, CancellationToken stop)
    {
        CosmosSubject[] all = [setup.Floor, setup.Subject];
        foreach (var subject in all)
            await Parallel.ForAsync(0, Items, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stop },
                async (i, _) => await subject.Writer.WriteAsync($"r-{i}", 0));

        await Rounds.RunAsync(all, 1, s => Rounds.TimeAsync(2000, () => ReadAsync(s)), stop);
        var alone = await Rounds.RunAsync(all, setup.Options.Quick ? 5 : 15, s => Rounds.TimeAsync(300, () => ReadAsync(s)), stop);
        var ratio = alone.Ratio(setup.Subject, setup.Floor, s => s.P50);
        return
        [
            Measurement.Of("point read, 1 caller", setup.Floor.Name, alone.All(setup.Floor)),
            Measurement.Of("point read, 1 caller", setup.Subject.Name, alone.All(setup.Subject)) with
            {
                Ratio = ratio, RatioTo = "stub", Goal = Goal.AtMost(ratio, 1.3, "× stub"),
            },
        ];
    }

    private async Task ReadAsync(CosmosSubject subject)
    {
        using var answer = await subject.Writer.Container.ReadItemStreamAsync("0", new PartitionKey($"r-{Interlocked.Increment(ref _next) % Items}"));
        answer.EnsureSuccessStatusCode();
    }
}
