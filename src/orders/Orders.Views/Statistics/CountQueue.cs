using Orders.ReadModels.Statistics;

namespace Orders.Views.Statistics;

/// <summary>What is counted in one transaction at the latest: the increments of an event, or of a part of them, and the mark that they are counted.</summary>
internal sealed record CountedPart(CountedMark Mark, IReadOnlyList<Counted> Documents)
{
    /// <summary>What several parts add to each document together, and how many patches they would have been one by one.</summary>
    public static IEnumerable<(string Id, int Patches, IReadOnlyList<(string Counter, long By)> Increments)> Sum(IReadOnlyList<CountedPart> parts) =>
        parts.SelectMany(part => part.Documents).GroupBy(counted => counted.Id).Select(document => (
            document.Key,
            document.Sum(StatisticsWriter.Patches),
            (IReadOnlyList<(string, long)>)[.. document.SelectMany(counted => counted.Increments)
                .GroupBy(increment => increment.Counter)
                .Select(increment => (increment.Key, increment.Sum(i => i.By)))]));
}

/// <summary>
/// Parts that are counted in one window. While a transaction is under way others wait, and then go together: nobody waits longer than that for company.
/// </summary>
/// <param name="countAsync">Counts parts in one transaction.</param>
internal sealed class CountQueue(Func<IReadOnlyList<CountedPart>, Task> countAsync)
{
    // Of the 100 operations of a transaction: a mark for each part, and at most as many patches as a part has documents.
    private const int MaxOperations = 100;

    private readonly Lock _lock = new();
    private readonly Queue<(CountedPart Part, TaskCompletionSource Done)> _waiting = new();
    private bool _isCounting;

    /// <summary>Counts a part; ends when it is counted, or failed together with what it went with.</summary>
    public Task CountAsync(CountedPart part)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue((part, done));
            if (_isCounting)
                return done.Task;
            _isCounting = true;
        }

        _ = CountWaitingAsync();
        return done.Task;
    }

    private async Task CountWaitingAsync()
    {
        while (Take() is { Count: > 0 } taken)
        {
            try
            {
                await countAsync([.. taken.Select(t => t.Part)]);
                taken.ForEach(t => t.Done.SetResult());
            }
            catch (Exception e)
            {
                taken.ForEach(t => t.Done.SetException(e));
            }
        }
    }

    private List<(CountedPart Part, TaskCompletionSource Done)> Take()
    {
        lock (_lock)
        {
            var (taken, operations) = (new List<(CountedPart, TaskCompletionSource)>(), 0);
            while (_waiting.TryPeek(out var next))
            {
                operations += 1 + next.Part.Documents.Sum(StatisticsWriter.Patches);
                if (taken.Count > 0 && operations > MaxOperations)
                    break;
                taken.Add(_waiting.Dequeue());
            }

            _isCounting = taken.Count > 0;
            return taken;
        }
    }
}
