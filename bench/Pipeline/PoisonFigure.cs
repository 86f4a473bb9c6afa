using Bench.Harness;

namespace Bench.Pipeline;

/// <summary>What healthy orders notice of sick ones: the same load with and without orders that fail, are tried again and park.</summary>
internal sealed class PoisonFigure : IFigure<PipelineSetup>
{
    private const int InFlight = 8;
    private const double Seconds = 3;

    // Fewer than trip the kill switch: that one is for a sick downstream, not for sick orders.
    private const int PoisonPerRound = 2;

    private static readonly string Figure = $"orders, {InFlight} under way";

    public string Name => "poison";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PipelineSetup setup, CancellationToken stop)
    {
        if (setup.Subject is not RealSystem system)
            return [Measurement.Skipped(Figure, setup.Subject.Name, "the bare chain cannot park")];
        bool[] both = [false, true];
        await Rounds.RunAsync(both, 1, poison => MeasureAsync(system, poison), stop);
        var series = await Rounds.RunAsync(both, setup.Options.Quick ? 2 : 6, poison => MeasureAsync(system, poison), stop);
        var ratio = series.Ratio(true, false, s => s.P99);
        return
        [
            Measurement.Of(Figure, "without poison", series.All(false)),
            Measurement.Of(Figure, "with poison", series.All(true)) with { Ratio = ratio, RatioTo = "without, p99", Goal = Goal.AtMost(ratio, 2, "× without") },
        ];
    }

    private static async Task<Samples> MeasureAsync(RealSystem system, bool poison)
    {
        for (var i = 0; poison && i < PoisonPerRound; i++)
            await system.PlacePoisonAsync();
        return (await Rounds.LoadAsync(InFlight, TimeSpan.FromSeconds(Seconds), system.RunOrderAsync)).Durations;
    }
}
