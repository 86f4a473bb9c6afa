using System.Globalization;
using Bench.Harness;

namespace Bench.Sinks;

/// <summary>Feeding a sink with all there is, against writing the same batches with its client alone.</summary>
internal sealed class SinkFigure(string name) : IFigure<SinksSetup>
{
    public string Name => name;

    public async Task<IReadOnlyList<Measurement>> RunAsync(SinksSetup setup, CancellationToken stop)
    {
        var subject = setup.Subjects.Single(subject => subject.Name == name);
        if (subject.Missing is { } missing)
            return [Measurement.Skipped(name, "sink", missing)];
        await setup.SeedAsync(stop);
        var rounds = new List<SinkRound>();
        for (var round = 0; round < (setup.Options.Quick ? 1 : 5); round++)
            rounds.Add(await subject.RunAsync(round + 1, setup.Orders, (sink, all) => setup.FeedAsync(sink, all, stop), stop));
        var measured = setup.Options.Quick ? rounds : rounds[1..]; // the first compiles

        var (documents, batches) = (rounds[0].Documents, rounds[0].Batches);
        var events = setup.Events / Samples.Median(measured.Select(round => round.Fed.Time.TotalSeconds));
        return
        [
            Row("client alone", round => round.Alone, $"{documents:#,0} documents in {batches:#,0} batches"),
            Row("sink", round => round.Fed, $"{events:#,0} events/s") with
            {
                Ratio = Samples.Median(measured.Select(round => round.Alone.Time / round.Fed.Time)), RatioTo = "client alone",
            },
        ];

        Measurement Row(string what, Func<SinkRound, SinkRun> of, string note) => new(name, what)
        {
            PerSecond = Samples.Median(measured.Select(round => round.Documents / of(round).Time.TotalSeconds)),
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"{note}; {Samples.Median(measured.Select(round => of(round).Processor.TotalMicroseconds / round.Documents)):0} µs of processor a document"),
        };
    }
}
