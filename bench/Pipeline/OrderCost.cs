using System.Globalization;
using Bench.Harness;
using Bench.Subjects;

namespace Bench.Pipeline;

/// <summary>What an order costs, and where.</summary>
internal static class OrderCost
{
    private const double LeastShown = 0.05; // requests of an order

    /// <summary>Processor time of an order, of all processes together.</summary>
    public static double Milliseconds(IReadOnlyList<LoadRound> rounds) =>
        rounds.Sum(round => round.Processor.Sum(time => time.TotalMilliseconds)) / rounds.Sum(round => round.Durations.Count);

    /// <summary>Requests to the store of an order.</summary>
    public static double StoreRequests(IReadOnlyList<LoadRound> rounds) =>
        rounds.Sum(round => round.Use.Requests) / rounds.Sum(round => round.Durations.Count);

    /// <summary>What an order asks of the store, and what that would cost on an account, by the store's formula.</summary>
    public static IEnumerable<Measurement> Requests(IOrderPipeline pipeline, IReadOnlyList<LoadRound> rounds)
    {
        var orders = rounds.Sum(round => round.Durations.Count);
        var use = rounds.Select(round => round.Use).Aggregate((sum, next) => sum.And(next));
        yield return Row("  requests of an order", use.Requests, use.Units);
        foreach (var (container, operation, requests, units) in use.Counted.Where(counted => counted.Requests / orders >= LeastShown))
            yield return Row($"    {container}: {operation}", requests, units);

        Measurement Row(string what, double requests, double units) => new(what, pipeline.Name)
        {
            Value = string.Create(CultureInfo.InvariantCulture, $"{requests / orders:0.00}, {units / orders:0.0} RU"),
        };
    }

    /// <summary>What an order costs, and where: with more work than processors, this is what its rate is made of.</summary>
    public static IEnumerable<Measurement> Processor(IOrderPipeline pipeline, IReadOnlyList<LoadRound> rounds)
    {
        var orders = rounds.Sum(round => round.Durations.Count);
        double PerOrder(int process) => rounds.Sum(round => round.Processor[process].TotalMilliseconds) / orders;
        yield return new Measurement("  processor time of an order", pipeline.Name) { Value = Text(pipeline.Processes.Select((_, i) => PerOrder(i)).Sum()) };
        for (var i = 0; i < pipeline.Processes.Count; i++)
            yield return new Measurement($"    {pipeline.Processes[i].Name}", pipeline.Name) { Value = Text(PerOrder(i)) };

        static string Text(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.00} ms");
    }
}
