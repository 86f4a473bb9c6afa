using System.Collections.Concurrent;
using System.Diagnostics;
using Bench.Harness;

namespace Bench.Subjects;

/// <summary>Follows events from the call that writes them to the handler that is told of them.</summary>
internal sealed class Delivery(IEventWriter writer, IAsyncDisposable reader) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static long _counter;

    private readonly ConcurrentDictionary<string, Tracked> _tracked = new();

    public string Name => writer.Name;

    public static async Task<Delivery> OfAsync(IEventWriter writer, Func<Action<string, long>, Task<IAsyncDisposable>> startReader)
    {
        Delivery? delivery = null;
        var reader = await startReader((streamId, at) => delivery?.Arrived(streamId, at));
        delivery = new Delivery(writer, reader);

        // The first event arrives only when the reader is up.
        await (await delivery.WriteAsync()).Handled;
        return delivery;
    }

    /// <summary>Writes one event; the result's <see cref="Tracked.Handled"/> ends when a handler has it.</summary>
    public async Task<Tracked> WriteAsync()
    {
        var streamId = $"d-{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}";
        var tracked = _tracked[streamId] = new Tracked();
        tracked.Called = Stopwatch.GetTimestamp();
        await writer.WriteAsync(streamId, 0);
        tracked.Written = Stopwatch.GetTimestamp();
        return tracked;
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private void Arrived(string streamId, long at)
    {
        if (_tracked.TryRemove(streamId, out var tracked))
            tracked.Arrive(at);
    }

    internal sealed class Tracked
    {
        private readonly TaskCompletionSource<long> _handled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Called { get; set; }

        public long Written { get; set; }

        /// <summary>When the handler was called.</summary>
        public Task<long> Handled => WithDeadlineAsync();

        public void Arrive(long at) => _handled.TrySetResult(at);

        private async Task<long> WithDeadlineAsync()
        {
            try
            {
                return await _handled.Task.WaitAsync(Deadline);
            }
            catch (TimeoutException)
            {
                throw new BenchException($"An event that was written did not reach its handler within {Deadline.TotalSeconds:0} s.");
            }
        }
    }
}
