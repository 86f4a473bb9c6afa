using System.Diagnostics;
using Bench.Harness;
using Bench.Subjects;

namespace Bench.Care;

/// <summary>How long an agent waits for pages and for answers, over everything between browser and store.</summary>
internal sealed class AnswersFigure(string name, double mostMilliseconds, Func<int, string>[] addresses) : IFigure<CareSetup>
{
    private const int Warm = 3;

    /// <summary>The pages, at different orders.</summary>
    public static AnswersFigure Pages { get; } = new("pages", 300,
    [
        _ => "/", _ => "/search", n => $"/orders/{CareOrders.IdOf(n)}", n => $"/search?q={CareOrders.CustomerOf(n)}", _ => "/services", _ => "/dead-letters",
    ]);

    /// <summary>Everything one can look for.</summary>
    public static AnswersFigure Searches { get; } = new("search", 1000,
    [
        n => $"/care/search?q={CareOrders.IdOf(n)}",
        n => $"/care/search?q={CareOrders.CustomerOf(n)}",
        n => $"/care/search?q={CareOrders.TrackingOf((n / 20 * 20) + 1)}",
        n => $"/care/search?q={CareOrders.SkuOf(n)}",
        n => $"/care/search?q={CareOrders.SkuOf(n)}&status=PaymentDeclined",
        _ => "/care/search?q=insufficient%20funds",
        _ => "/care/search?q=nobody@example.org",
        _ => "/care/search?status=PaymentDeclined",
        _ => "/care/search?type=PaymentDeclined",
        _ => "/care/search?service=fulfillment",
        _ => "/care/search?type=OrderShipped&service=nobody",
    ]);

    public string Name => name;

    public async Task<IReadOnlyList<Measurement>> RunAsync(CareSetup setup, CancellationToken stop)
    {
        var rows = new List<Measurement>();
        foreach (var address in addresses)
        {
            var samples = new Samples();
            for (var i = -Warm; i < (setup.Options.Quick ? 5 : 25); i++)
            {
                var uri = new Uri(setup.Address, address((i + Warm) * 2_477 % setup.Orders));
                var start = Stopwatch.GetTimestamp();
                using var answer = await Http.Client.GetAsync(uri, stop);
                await answer.Content.ReadAsByteArrayAsync(stop);
                if (!answer.IsSuccessStatusCode)
                    throw new BenchException($"GET {uri.PathAndQuery} answered {(int)answer.StatusCode}.");
                if (i >= 0)
                    samples.AddTicks(Stopwatch.GetTimestamp() - start);
            }

            Progress.Say(address(0));
            rows.Add(Measurement.Of(address(0), "customer care", samples) with { Goal = Goal.AtMost(samples.P99 / 1000, mostMilliseconds, " ms p99") });
        }

        return rows;
    }
}
