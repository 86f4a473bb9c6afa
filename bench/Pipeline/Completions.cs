using System.Collections.Concurrent;
using Bench.Harness;

namespace Bench.Pipeline;

/// <summary>Orders that are awaited, whichever comes first: the wait or the completion.</summary>
internal sealed class Completions
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _orders = new();

    public void Completed(string orderId, long at) => Of(orderId).TrySetResult(at);

    public async Task<long> WaitAsync(string orderId)
    {
        try
        {
            return await Of(orderId).Task.WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new BenchException($"Order {orderId} was not completed within {Deadline.TotalSeconds:0} s.");
        }
        finally
        {
            _orders.TryRemove(orderId, out _);
        }
    }

    private TaskCompletionSource<long> Of(string orderId) =>
        _orders.GetOrAdd(orderId, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
