using System.Globalization;
using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>
/// Spends request units no faster than it may. What an operation costs is known only afterwards, so the one after it waits. Where the account
/// refuses (429) the rate halves, and rises again by a tenth each second.
/// </summary>
/// <param name="time">The time.</param>
/// <param name="shared">Where what is spent here is paid from, too; null for a budget of its own.</param>
internal sealed class RequestBudget(TimeProvider time, RequestBudget? shared = null)
{
    private const double LeastRate = 10;
    private const double Unlimited = 1_000_000;

    private readonly Lock _lock = new();
    private double _limit = Unlimited;
    private double _rate = Unlimited;
    private double _debt;
    private double _spent;
    private double _lately; // spent in about the last second
    private long _paid = time.GetTimestamp();

    /// <summary>Request units per second at most; null for no limit.</summary>
    public double? Limit
    {
        set
        {
            lock (_lock)
            {
                _limit = value ?? Unlimited;
                _rate = Math.Min(_rate, _limit);
            }
        }
    }

    /// <summary>All that was spent.</summary>
    public double Spent
    {
        get
        {
            lock (_lock)
                return _spent;
        }
    }

    /// <summary>Sends until the account takes it.</summary>
    public Task<ResponseMessage> SendAsync(Func<Task<ResponseMessage>> send, CancellationToken cancellationToken) =>
        SendAsync(send, r => (r.StatusCode, r.Headers.RequestCharge, RetryAfter(r.Headers)), cancellationToken);

    /// <inheritdoc cref="SendAsync(Func{Task{ResponseMessage}}, CancellationToken)"/>
    public Task<TransactionalBatchResponse> SendAsync(Func<Task<TransactionalBatchResponse>> send, CancellationToken cancellationToken) =>
        SendAsync(send, r => (r.StatusCode, r.RequestCharge, r.RetryAfter), cancellationToken);

    /// <summary>Waits until something may be spent.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (shared is not null)
        {
            await shared.WaitAsync(cancellationToken);
            return;
        }

        while (Wait() is { } wait)
            await Task.Delay(wait, time, cancellationToken);
    }

    /// <summary>Notes what an operation cost.</summary>
    public void Spend(double charge)
    {
        shared?.Spend(charge);
        lock (_lock)
        {
            _debt += charge;
            _lately += charge;
            _spent += charge;
        }
    }

    /// <summary>Notes that the account refused.</summary>
    public void Refused()
    {
        shared?.Refused();
        lock (_lock)
            _rate = Math.Max(Math.Min(_rate, _lately) / 2, LeastRate);
    }

    private async Task<T> SendAsync<T>(
        Func<Task<T>> send, Func<T, (HttpStatusCode Status, double Charge, TimeSpan? RetryAfter)> outcome, CancellationToken cancellationToken)
        where T : IDisposable
    {
        while (true)
        {
            await WaitAsync(cancellationToken);
            var response = await send();
            var (status, charge, retryAfter) = outcome(response);
            Spend(charge);
            if (status != HttpStatusCode.TooManyRequests)
                return response;
            response.Dispose();
            Refused();
            await Task.Delay(retryAfter ?? TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private static TimeSpan? RetryAfter(Headers headers) =>
        double.TryParse(headers["x-ms-retry-after-ms"], CultureInfo.InvariantCulture, out var milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private TimeSpan? Wait()
    {
        lock (_lock)
        {
            var elapsed = time.GetElapsedTime(_paid).TotalSeconds;
            _paid = time.GetTimestamp();
            _debt = Math.Max(0, _debt - (elapsed * _rate));
            _lately *= Math.Exp(-elapsed);
            _rate = Math.Min(_limit, _rate * (1 + (elapsed / 10)));
            // A tenth of a second's worth may be owed: waiting for single units would be nothing but waiting.
            return _debt <= _rate / 10 ? null : TimeSpan.FromSeconds(Math.Clamp((_debt - (_rate / 10)) / _rate, 0.001, 1));
        }
    }
}
