using System.Diagnostics;

namespace ChangeFeed.Testing;

/// <summary>Waits for a condition with a deadline; what it saw last is in the failure.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads until what was read satisfies the condition.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> until, TimeSpan? deadline = null, string? what = null)
    {
        var limit = deadline ?? DefaultDeadline;
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
        throw new TimeoutException($"{what ?? "The condition"} was not met within {limit}; seen last: {Text(last)}");
    }

    /// <summary>Waits until the condition holds.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition, string? what = null, TimeSpan? deadline = null) =>
        GetAsync(condition, holds => holds, deadline, what);

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, string?, TimeSpan?)"/>
    public static Task UntilAsync(Func<bool> condition, string? what = null, TimeSpan? deadline = null) =>
        UntilAsync(() => Task.FromResult(condition()), what, deadline);

    private static string Text<T>(T seen) =>
        seen is IEnumerable<string> texts ? $"[{string.Join("; ", texts)}]" : $"{seen}";
}
