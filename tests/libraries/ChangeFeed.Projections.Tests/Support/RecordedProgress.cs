using System.Collections.Concurrent;
using ChangeFeed.Projections;

namespace ChangeFeed.Projections.Tests.Support;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordedProgress : IProgressDisplay
{
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Called at the beginning of each step.</summary>
    public Action<string>? OnStep { get; init; }

    public Action? OnAdvance { get; init; }

    public void Begin(string step)
    {
        Lines.Enqueue(step);
        OnStep?.Invoke(step);
    }

    public void Total(long total) => Lines.Enqueue($"of {total}");

    public void Advance(long done) => OnAdvance?.Invoke();

    public void Say(string line) => Lines.Enqueue(line);
}
