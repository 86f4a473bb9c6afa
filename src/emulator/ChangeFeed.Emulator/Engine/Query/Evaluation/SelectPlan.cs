using ChangeFeed.Emulator.Engine.Query.Values;

using ChangeFeed.Emulator.Model.Indexing;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>A query or subquery ready to be run.</summary>
internal sealed class SelectPlan
{
    public required FromStep[] From { get; init; }

    /// <summary>Whether its rows come from the documents of the container; otherwise they come from literals or outer names.</summary>
    public required bool ReadsContainer { get; init; }
    public required Node? Where { get; init; }

    /// <summary>The value of a result row; an undefined one is left out.</summary>
    public required Node Projection { get; init; }

    /// <summary>Set when rows are grouped or aggregated.</summary>
    public required GroupPlan? Group { get; init; }
    public required OrderKey[] OrderBy { get; init; }

    /// <summary>The paths of ORDER BY the service needs an index for; empty where groups are ordered.</summary>
    public IReadOnlyList<OrderedPath> IndexedOrder =>
        Group is null ? [.. OrderBy.Select(key => new OrderedPath(key.Path, key.Descending))] : [];
    public required bool Distinct { get; init; }
    public required Node? Top { get; init; }
    public required Node? Offset { get; init; }
    public required Node? Limit { get; init; }

    /// <summary>
    /// Whether its rows depend on all documents together, not on one alone: then, as the source of another query,
    /// it has to be run to its end first.
    /// </summary>
    public bool NeedsAllRows => Group is not null || Distinct || (From.Length > 0 && From[0] is { Subquery.NeedsAllRows: true });
}

/// <summary>Binds a slot: to the value of a path, to the elements of an array, or to the rows of a subquery.</summary>
internal sealed record FromStep(int Slot, Node? Path, SelectPlan? Subquery, bool Iterate);

/// <param name="Value">What is ordered by.</param>
/// <param name="Descending">The direction.</param>
/// <param name="Path">The names of its path in the document.</param>
internal sealed record OrderKey(Node Value, bool Descending, string[] Path);

/// <param name="Keys">The expressions of GROUP BY; empty for aggregates over all rows.</param>
/// <param name="KeySlots">Where a group's keys are put for the projection.</param>
/// <param name="Aggregates">What is computed per group.</param>
internal sealed record GroupPlan(Node[] Keys, int[] KeySlots, AggregatePlan[] Aggregates);

/// <param name="Kind">The function.</param>
/// <param name="Argument">Its argument, evaluated on every row.</param>
/// <param name="Slot">Where the result is put for the projection.</param>
internal sealed record AggregatePlan(AggregateKind Kind, Node Argument, int Slot);

/// <summary>A whole query: its plan and what a run must provide.</summary>
/// <param name="Plan">The query.</param>
/// <param name="Slots">How many slots a frame needs.</param>
/// <param name="Parameters">The names of the parameters, in the order of their index.</param>
internal sealed record CompiledQuery(SelectPlan Plan, int Slots, IReadOnlyList<string> Parameters)
{
    public Frame NewFrame(QuerySpec spec, TimeProvider time, CancellationToken cancellationToken)
    {
        var values = new Value[Parameters.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = spec.Parameters.TryGetValue(Parameters[i], out var value) ? Value.FromElement(value) : Value.Undefined;
        return new Frame(Slots, values, time, cancellationToken);
    }
}
