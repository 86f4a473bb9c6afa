using System.Diagnostics;

namespace Bench.Harness;

/// <summary>Durations of one kind, in microseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _micros = [];

    public int Count => _micros.Count;

    public double P50 => Percentile(0.50);

    public double P99 => Percentile(0.99);

    public void Add(double micros)
    {
        lock (_micros)
            _micros.Add(micros);
    }

    public void AddTicks(long stopwatchTicks) => Add(stopwatchTicks * 1e6 / Stopwatch.Frequency);

    public void AddRange(Samples other)
    {
        lock (_micros)
            _micros.AddRange(other._micros);
    }

    public double Percentile(double share)
    {
        lock (_micros)
        {
            if (_micros.Count == 0)
                return double.NaN;
            _micros.Sort();
            return _micros[Math.Min(_micros.Count - 1, (int)(share * _micros.Count))];
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
