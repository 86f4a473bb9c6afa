using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ChangeFeed.Emulator.Engine;

/// <summary>Request units spent per container, and, where a limit is set, the budget of each.</summary>
internal sealed class Usage(int? unitsPerSecond, TimeProvider time)
{
    private const int MaxCounters = 10_000;

    // 0 is without limit: a number is read and written in one piece.
    private volatile int _limit = unitsPerSecond ?? 0;

    private readonly ConcurrentDictionary<string, Budget> _budgets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Container, string Operation, bool Refused, string Client), Counter> _counters = new();

    /// <summary>The request units each container may use per second; null is without limit. It holds from the next request on.</summary>
    public int? Limit
    {
        get => _limit is 0 ? null : _limit;
        set => _limit = value ?? 0;
    }

    /// <summary>How long a request to this container has to wait; zero where it may go on.</summary>
    public TimeSpan Wait(string container) => Limit is { } units ? Of(container).Wait(units, time) : TimeSpan.Zero;

    /// <param name="container">The container that was asked.</param>
    /// <param name="partition">Its partition that answered; null where none or several did.</param>
    /// <param name="units">What it cost.</param>
    public void Spend(string container, string? partition, double units) => Of(container).Spend(partition, units, Limit is not null);

    /// <summary>What was served of a container.</summary>
    public (long Requests, double Units) Total(string container) =>
        Sum(_counters.Where(entry => entry.Key.Container == container && !entry.Key.Refused).Select(entry => entry.Value));

    /// <summary>What a partition of it served by itself.</summary>
    public (long Requests, double Units) Total(string container, string partition) => Of(container).TotalOf(partition);

    /// <summary>Counts a request that was answered, also one that was refused.</summary>
    public void Count(string container, string operation, bool refused, string client, double units)
    {
        // Whoever makes up names does not fill the memory.
        if (_counters.Count >= MaxCounters)
            client = "";
        _counters.GetOrAdd((container, operation, refused, client), static _ => new()).Add(units);
    }

    /// <summary>What was asked of a container, by operation; what was refused apart.</summary>
    public IEnumerable<(string Operation, bool Refused, long Requests, double Units)> Operations(string container) => _counters
        .Where(entry => entry.Key.Container == container)
        .GroupBy(entry => (entry.Key.Operation, entry.Key.Refused), entry => entry.Value)
        .OrderBy(group => group.Key)
        .Select(group => (Sum: Sum(group), group.Key))
        .Select(counted => (counted.Key.Operation, counted.Key.Refused, counted.Sum.Requests, counted.Sum.Units));

    /// <summary>What was served of a container, by client and operation.</summary>
    public IEnumerable<(string Client, string Operation, long Requests, double Units)> Clients(string container) => _counters
        .Where(entry => entry.Key.Container == container && !entry.Key.Refused)
        .OrderBy(entry => (entry.Key.Client, entry.Key.Operation))
        .Select(entry => (entry.Key.Client, entry.Key.Operation, entry.Value.Total.Requests, Math.Round(entry.Value.Total.Units, 2)));

    private static (long Requests, double Units) Sum(IEnumerable<Counter> counters)
    {
        var (requests, units) = (0L, 0d);
        foreach (var (more, cost) in counters.Select(counter => counter.Total))
            (requests, units) = (requests + more, units + cost);
        return (requests, Math.Round(units, 2));
    }

    private Budget Of(string container) => _budgets.GetOrAdd(container, static (_, time) => new(time.GetTimestamp()), time);

    private sealed class Budget(long since)
    {
        private readonly Lock _lock = new();
        private double _left;
        private bool _isUsed;
        private readonly Dictionary<string, (long Requests, double Units)> _partitions = new(StringComparer.Ordinal);
        private long _filled = since;

        /// <summary>The budget fills steadily up to one second's worth; a request may overdraw it, the next ones then wait.</summary>
        public TimeSpan Wait(int limit, TimeProvider time)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _left = Math.Min(limit, _left + time.GetElapsedTime(_filled, now).TotalSeconds * limit);
                _filled = now;
                return _left > 0 || !_isUsed ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(0.001, -_left / limit));
            }
        }

        public (long, double) TotalOf(string partition)
        {
            lock (_lock)
                return _partitions.TryGetValue(partition, out var total) ? (total.Requests, Math.Round(total.Units, 2)) : default;
        }

        public void Spend(string? partition, double units, bool isLimited)
        {
            lock (_lock)
            {
                // What was used without a limit is no debt under one.
                if (isLimited)
                    _left -= units;
                _isUsed = true;
                if (partition is null)
                    return;
                ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(_partitions, partition, out _);
                total = (total.Requests + 1, total.Units + units);
            }
        }
    }

    private sealed class Counter
    {
        private readonly Lock _lock = new();
        private long _requests;
        private double _units;

        public (long Requests, double Units) Total
        {
            get
            {
                lock (_lock)
                    return (_requests, _units);
            }
        }

        public void Add(double units)
        {
            lock (_lock)
            {
                _requests++;
                _units += units;
            }
        }
    }
}
