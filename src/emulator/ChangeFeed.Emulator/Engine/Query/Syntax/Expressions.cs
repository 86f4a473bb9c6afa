using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Syntax;

/// <summary>An expression as it was written.</summary>
/// <param name="Position">Offset in the text of the query.</param>
/// <param name="Depth">How many expressions lie within each other: the stack that walking it takes.</param>
internal abstract record Expression(int Position, int Depth = 1)
{
    protected static int Over(params ReadOnlySpan<Expression> parts)
    {
        var depth = 0;
        foreach (var part in parts)
            depth = Math.Max(depth, part.Depth);
        return depth + 1;
    }

    protected static int Over(IReadOnlyList<Expression> parts) => Over([.. parts]);
}

internal sealed record Literal(int Position, Value Value) : Expression(Position);

internal sealed record ParameterReference(int Position, string Name) : Expression(Position);

internal sealed record Identifier(int Position, string Name) : Expression(Position);

/// <summary><c>target.name</c> or <c>target["name"]</c>; the position is that of the name.</summary>
internal sealed record PropertyAccess(int Position, Expression Target, string Name) : Expression(Position, Over(Target));

internal sealed record IndexAccess(int Position, Expression Target, Expression Index) : Expression(Position, Over(Target, Index));

internal sealed record UnaryExpression(int Position, string Operator, Expression Operand) : Expression(Position, Over(Operand));

internal sealed record BinaryExpression(int Position, string Operator, Expression Left, Expression Right)
    : Expression(Position, Over(Left, Right));

internal sealed record ConditionalExpression(int Position, Expression Condition, Expression Then, Expression Else)
    : Expression(Position, Over(Condition, Then, Else));

internal sealed record BetweenExpression(int Position, Expression Operand, Expression Low, Expression High)
    : Expression(Position, Over(Operand, Low, High));

internal sealed record InExpression(int Position, Expression Operand, IReadOnlyList<Expression> List)
    : Expression(Position, Over([Operand, .. List]));

internal sealed record LikeExpression(int Position, Expression Operand, Expression Pattern, string? Escape)
    : Expression(Position, Over(Operand, Pattern));

internal sealed record FunctionCall(int Position, string Name, IReadOnlyList<Expression> Arguments) : Expression(Position, Over(Arguments));

internal sealed record ArrayLiteral(int Position, IReadOnlyList<Expression> Items) : Expression(Position, Over(Items));

internal sealed record ObjectLiteral(int Position, IReadOnlyList<ObjectMember> Members)
    : Expression(Position, Over([.. Members.Select(member => member.Value)]));

internal sealed record ObjectMember(int Position, string Name, Expression Value);

/// <summary>The place of the client's condition in a rewritten query; true where the client left it as it is.</summary>
internal sealed record FilterPlaceholder(int Position) : Expression(Position);

internal enum SubqueryKind
{
    /// <summary><c>(SELECT …)</c>: the value of its only row.</summary>
    Scalar,

    /// <summary><c>EXISTS(SELECT …)</c>.</summary>
    Exists,

    /// <summary><c>ARRAY(SELECT …)</c>.</summary>
    Array,

    /// <summary><c>ALL(SELECT …)</c>: whether every row is true.</summary>
    All,

    /// <summary><c>FIRST(SELECT …)</c>.</summary>
    First,

    /// <summary><c>LAST(SELECT …)</c>.</summary>
    Last,
}

internal sealed record Subquery(int Position, SubqueryKind Kind, SelectQuery Query) : Expression(Position, Query.Depth + 1);
