namespace ChangeFeed.Sinks.Testing;

/// <summary>What a test does to writes on their way to an outside.</summary>
public sealed class Trouble
{
    private int _batches;
    private int _items;

    /// <summary>How many batches have been given.</summary>
    public int Batches => _batches;

    /// <summary>How many items were in them.</summary>
    public int Items => _items;

    /// <summary>Runs before each batch; may throw, or take its time.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after each batch was written, before anybody knows: a process that dies here has written and not checkpointed.</summary>
    public Func<CancellationToken, Task> After { get; set; } = _ => Task.CompletedTask;

    /// <summary>Which keys the outside refuses.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Puts itself between the machinery and a sink.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="keyOf">The key of an item.</param>
    public ISink<TItem> Around<TItem>(ISink<TItem> sink, Func<TItem, string> keyOf) => new TroubledSink<TItem>(this, sink, keyOf);

    private sealed class TroubledSink<TItem>(Trouble trouble, ISink<TItem> sink, Func<TItem, string> keyOf) : ISink<TItem>
    {
        public async Task WriteAsync(IReadOnlyList<TItem> batch, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref trouble._batches);
            Interlocked.Add(ref trouble._items, batch.Count);
            await trouble.Before(cancellationToken);
            if (batch.FirstOrDefault(item => trouble.Refuses(keyOf(item))) is { } refused)
                throw new SinkRefusedException($"'{keyOf(refused)}' is refused.");
            await sink.WriteAsync(batch, cancellationToken);
            await trouble.After(cancellationToken);
        }
    }
}
