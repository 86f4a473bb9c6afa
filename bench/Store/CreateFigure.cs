using Bench.Harness;
using Bench.Subjects;

namespace Bench.Store;

/// <summary>What it takes to make one event of 1 KB durable: alone, and with 32 callers.</summary>
internal sealed class CreateFigure : IFigure<StoreSetup>
{
    private const int Callers = 32;

    private int _streams;

    public string Name => "create";

    public async Task<IReadOnlyList<Measurement>> RunAsync(StoreSetup setup, CancellationToken stop)
    {
        IEventWriter floor = setup.Floor.Writer, subject = setup.Subject.Writer;
        IEventWriter? postgres = setup.Postgres is null ? null : new PostgresWriter(setup.Postgres.Source);
        IEventWriter[] all = postgres is null ? [floor, subject] : [floor, subject, postgres];

        // Warm: neither the compiler nor the first growth of a file belongs to the figure.
        await Rounds.RunAsync(all, 1, async w => (await LoadAsync(w, setup.Options.Quick ? 2 : 4)).PerSecond, stop);

        var alone = await Rounds.RunAsync(all, setup.Options.Quick ? 5 : 15, w => Rounds.TimeAsync(200, () => WriteAsync(w)), stop);
        var durations = all.ToDictionary(w => w, _ => new Samples());
        var loaded = await Rounds.RunAsync(all, setup.Options.Quick ? 3 : 6, async w =>
        {
            var (perSecond, samples) = await LoadAsync(w, 1);
            durations[w].AddRange(samples);
            return perSecond;
        }, stop);

        var rows = new List<Measurement>();
        foreach (var writer in all)
        {
            var ratio = alone.Ratio(writer, floor, s => s.P50);
            rows.Add(Measurement.Of("durable create, 1 caller", writer.Name, alone.All(writer)) with
            {
                Ratio = writer == floor ? null : ratio,
                RatioTo = "stub",
                Goal = writer == subject ? Goal.AtMost(ratio, 1.5, "× stub", 1.2) : null,
            });
        }

        foreach (var writer in all)
        {
            var ratio = loaded.Ratio(writer, floor, r => r);
            rows.Add(Measurement.Of($"durable create, {Callers} callers", writer.Name, durations[writer]) with
            {
                PerSecond = loaded.MedianOf(writer),
                Ratio = writer == floor ? null : ratio,
                RatioTo = "stub",
                Goal = writer == subject ? Goal.AtLeast(ratio, 0.5, "× stub", 0.9) : null,
            });
        }

        if (postgres is null)
            return [.. rows, Measurement.Skipped($"durable create, {Callers} callers", "PostgreSQL", setup.PostgresReason)];
        var toPostgres = loaded.Ratio(subject, postgres, r => r);
        rows.Add(new Measurement($"durable create, {Callers} callers", subject.Name)
        {
            PerSecond = loaded.MedianOf(subject),
            Ratio = toPostgres,
            RatioTo = "PostgreSQL",
            Goal = Goal.AtLeast(toPostgres, 1, "× PostgreSQL"),
        });
        return rows;
    }

    private Task<(double PerSecond, Samples Durations)> LoadAsync(IEventWriter writer, double seconds) =>
        Rounds.LoadAsync(Callers, TimeSpan.FromSeconds(seconds), () => WriteAsync(writer));

    private Task WriteAsync(IEventWriter writer) => writer.WriteAsync($"c-{Interlocked.Increment(ref _streams)}", 0);
}
