
namespace ChangeFeed.Emulator.Engine.Query.Syntax;

/// <summary>A query or subquery as it was written.</summary>
internal sealed record SelectQuery(int Position, SelectClause Select)
{
    /// <summary>The first element is the source, the others are joined to it; empty without FROM.</summary>
    public IReadOnlyList<FromItem> From { get; init; } = [];
    public Expression? Where { get; init; }
    public IReadOnlyList<Expression> GroupBy { get; init; } = [];
    public IReadOnlyList<OrderItem> OrderBy { get; init; } = [];
    public Expression? Offset { get; init; }
    public Expression? Limit { get; init; }

    /// <summary>How many expressions lie within each other at most.</summary>
    public int Depth => Parts().Append(1).Max();

    private IEnumerable<int> Parts() =>
    [
        .. From.Select(item => item.Path?.Depth ?? item.Query!.Depth + 1),
        .. Select.List.Select(item => item.Value.Depth),
        .. GroupBy.Select(key => key.Depth),
        Select.Value?.Depth ?? 1,
        Where?.Depth ?? 1,
    ];
}

/// <summary>What a query returns: <c>*</c> when there is neither a value nor a list.</summary>
internal sealed record SelectClause(int Position, bool Distinct, Expression? Top, Expression? Value, IReadOnlyList<SelectItem> List)
{
    public bool IsStar => Value is null && List.Count == 0;
}

/// <param name="Position">Offset in the text.</param>
/// <param name="Value">The expression.</param>
/// <param name="Name">The property it becomes: its alias, the last name of its path, or <c>$1</c>, <c>$2</c>…</param>
internal sealed record SelectItem(int Position, Expression Value, string Name);

/// <summary>
/// A source of rows: a path that starts at an alias or the container, or a subquery; with <paramref name="Iterate"/> (<c>x IN …</c>)
/// the elements of the arrays it yields.
/// </summary>
/// <param name="Position">Offset in the text.</param>
/// <param name="Path">The path: an identifier or accesses on one; null for a subquery.</param>
/// <param name="Query">The subquery; null for a path.</param>
/// <param name="Alias">The name its rows are known by; null when it has none.</param>
/// <param name="Iterate">Whether arrays are taken apart.</param>
internal sealed record FromItem(int Position, Expression? Path, SelectQuery? Query, string? Alias, bool Iterate);

internal sealed record OrderItem(int Position, Expression Value, bool Descending);
