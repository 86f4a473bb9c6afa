using System.Collections.Concurrent;
using System.Globalization;

namespace ChangeFeed.Emulator.Engine;

/// <summary>Request units spent per container, and, where a limit is set, the budget of each.</summary>
sealed class Usage(int? unitsPerSecond, TimeProvider time)
{
    // 0 is without limit: a number is read and written in one piece.
    volatile int limit = unitsPerSecond ?? 0;

    readonly ConcurrentDictionary<string, Budget> budgets = new(StringComparer.Ordinal);

    /// <summary>The request units each container may use per second; null is without limit. It holds from the next request on.</summary>
    public int? Limit
    {
        get => limit is 0 ? null : limit;
        set => limit = value ?? 0;
    }

    /// <summary>How long a request to this container has to wait; zero where it may go on.</summary>
    public TimeSpan Wait(string container) => Limit is { } units ? Of(container).Wait(units, time) : TimeSpan.Zero;

    public void Spend(string container, double units) => Of(container).Spend(units);

    public (long Requests, double Units) Total(string container) => Of(container).Total;

    Budget Of(string container) => budgets.GetOrAdd(container, static (_, time) => new(time.GetTimestamp()), time);

    sealed class Budget(long since)
    {
        double left;
        double spent;
        long requests;
        long filled = since;

        public (long, double) Total
        {
            get
            {
                lock (this)
                    return (requests, Math.Round(spent, 2));
            }
        }

        /// <summary>The budget fills steadily up to one second's worth; a request may overdraw it, the next ones then wait.</summary>
        public TimeSpan Wait(int limit, TimeProvider time)
        {
            lock (this)
            {
                var now = time.GetTimestamp();
                left = Math.Min(limit, left + time.GetElapsedTime(filled, now).TotalSeconds * limit);
                filled = now;
                return left > 0 || requests == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(0.001, -left / limit));
            }
        }

        public void Spend(double units)
        {
            lock (this)
            {
                left -= units;
                spent += units;
                requests++;
            }
        }
    }
}
