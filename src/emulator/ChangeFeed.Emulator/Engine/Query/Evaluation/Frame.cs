using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>What one run of a query knows: the values bound to its names, its parameters and its clock.</summary>
internal sealed class Frame(int slots, Value[] parameters, TimeProvider time, CancellationToken cancellationToken)
{
    /// <summary>The slot of the document at hand.</summary>
    public const int Document = 0;

    public Value[] Slots { get; } = new Value[slots];

    public Value[] Parameters { get; } = parameters;

    public CancellationToken Cancellation { get; } = cancellationToken;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The time at which the query began: the …STATIC() functions return the same value for every document.</summary>
    public DateTimeOffset Began { get; } = time.GetUtcNow();
}
