using System.Diagnostics;

namespace TestSupport;

/// <summary>Waits for a condition with a deadline; what it saw last is in the failure.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> until, TimeSpan? deadline = null, string? what = null)
    {
        var limit = deadline ?? TimeSpan.FromSeconds(30);
        var started = Stopwatch.GetTimestamp();
        T last;
        do
        {
            last = await read();
            if (until(last))
                return last;
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
        while (Stopwatch.GetElapsedTime(started) < limit);
        throw new TimeoutException($"{what ?? "The condition"} was not met within {limit}; seen last: {last}");
    }
}
