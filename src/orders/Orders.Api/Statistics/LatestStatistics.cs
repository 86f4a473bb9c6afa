using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Orders.Api.Statistics;

/// <summary>The last 15 minutes as JSON, read at most once a second however many clients look; not at all while nobody does.</summary>
internal sealed class LatestStatistics(StatisticsService statistics, TimeProvider time, IOptions<JsonOptions> json)
{
    /// <summary>How old the answer may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<string>? _reading;
    private long _begun;

    public Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_reading is null or { IsFaulted: true } || (_reading.IsCompleted && time.GetElapsedTime(_begun) >= MaxAge))
                (_reading, _begun) = (ReadAsync(), time.GetTimestamp());
            return _reading.WaitAsync(cancellationToken);
        }
    }

    private async Task<string> ReadAsync()
    {
        var query = StatisticsQuery.Parse(time.GetUtcNow(), null, null, null, null, null);
        return JsonSerializer.Serialize(await statistics.ReadAsync(query, CancellationToken.None), json.Value.SerializerOptions);
    }
}
