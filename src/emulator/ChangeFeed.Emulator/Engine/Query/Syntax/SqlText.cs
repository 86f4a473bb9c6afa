using System.Text;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Syntax;

/// <summary>Writes queries back as text; equal expressions give equal text.</summary>
internal static class SqlText
{
    public static string Of(Expression expression)
    {
        var text = new StringBuilder();
        Write(text, expression);
        return text.ToString();
    }

    public static string Of(SelectQuery query)
    {
        var text = new StringBuilder();
        Write(text, query);
        return text.ToString();
    }

    public static string Quote(string text) => JsonOutput.ToText(Value.Of(text));

    private static void Write(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case Literal literal:
                text.Append(JsonOutput.ToText(literal.Value));
                break;
            case ParameterReference parameter:
                text.Append(parameter.Name);
                break;
            case Identifier identifier:
                text.Append(identifier.Name);
                break;
            case FilterPlaceholder:
                text.Append("true");
                break;
            case PropertyAccess property:
                Write(text, property.Target);
                text.Append('[').Append(Quote(property.Name)).Append(']');
                break;
            case IndexAccess index:
                Write(text, index.Target);
                text.Append('[');
                Write(text, index.Index);
                text.Append(']');
                break;
            case UnaryExpression unary:
                text.Append('(').Append(unary.Operator).Append(' ');
                Write(text, unary.Operand);
                text.Append(')');
                break;
            case BinaryExpression binary:
                Infix(text, binary.Left, binary.Operator, binary.Right);
                break;
            case ConditionalExpression conditional:
                text.Append('(');
                Write(text, conditional.Condition);
                text.Append(" ? ");
                Infix(text, conditional.Then, ":", conditional.Else, false);
                text.Append(')');
                break;
            case BetweenExpression between:
                text.Append('(');
                Write(text, between.Operand);
                text.Append(" BETWEEN ");
                Infix(text, between.Low, "AND", between.High, false);
                text.Append(')');
                break;
            case InExpression list:
                text.Append('(');
                Write(text, list.Operand);
                text.Append(" IN (");
                List(text, list.List);
                text.Append("))");
                break;
            case LikeExpression like:
                text.Append('(');
                Infix(text, like.Operand, "LIKE", like.Pattern, false);
                if (like.Escape is not null)
                    text.Append(" ESCAPE ").Append(Quote(like.Escape));
                text.Append(')');
                break;
            case FunctionCall call:
                text.Append(call.Name).Append('(');
                List(text, call.Arguments);
                text.Append(')');
                break;
            case ArrayLiteral array:
                text.Append('[');
                List(text, array.Items);
                text.Append(']');
                break;
            case ObjectLiteral value:
                Members(text, value.Members);
                break;
            case Subquery subquery:
                text.Append(subquery.Kind == SubqueryKind.Scalar ? "" : subquery.Kind.ToString().ToUpperInvariant()).Append('(');
                Write(text, subquery.Query);
                text.Append(')');
                break;
            default:
                throw new InvalidOperationException($"Unknown expression {expression.GetType().Name}.");
        }
    }

    private static void Infix(StringBuilder text, Expression left, string symbol, Expression right, bool parentheses = true)
    {
        if (parentheses)
            text.Append('(');
        Write(text, left);
        text.Append(' ').Append(symbol).Append(' ');
        Write(text, right);
        if (parentheses)
            text.Append(')');
    }

    private static void List(StringBuilder text, IReadOnlyList<Expression> list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(text, list[i]);
        }
    }

    private static void Members(StringBuilder text, IReadOnlyList<ObjectMember> members)
    {
        text.Append('{');
        for (var i = 0; i < members.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(Quote(members[i].Name)).Append(": ");
            Write(text, members[i].Value);
        }
        text.Append('}');
    }

    private static void Write(StringBuilder text, SelectQuery query)
    {
        text.Append("SELECT ");
        if (query.Select.Distinct)
            text.Append("DISTINCT ");
        if (query.Select.Top is { } top)
        {
            text.Append("TOP ");
            Write(text, top);
            text.Append(' ');
        }
        Write(text, query.Select);
        text.Append(FromClause(query.From));
        Clause(text, " WHERE ", query.Where);
        if (query.GroupBy.Count > 0)
        {
            text.Append(" GROUP BY ");
            List(text, query.GroupBy);
        }
        text.Append(OrderByClause(query.OrderBy));
        Clause(text, " OFFSET ", query.Offset);
        Clause(text, " LIMIT ", query.Limit);
    }

    private static void Write(StringBuilder text, SelectClause select)
    {
        if (select.IsStar)
            text.Append('*');
        Clause(text, "VALUE ", select.Value);
        for (var i = 0; i < select.List.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(text, select.List[i].Value);
            if (!select.List[i].Name.StartsWith('$'))
                text.Append(" AS ").Append(Quote(select.List[i].Name));
        }
    }

    private static void Clause(StringBuilder text, string keyword, Expression? expression)
    {
        if (expression is null)
            return;
        text.Append(keyword);
        Write(text, expression);
    }

    public static string FromClause(IReadOnlyList<FromItem> items)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            text.Append(text.Length == 0 ? " FROM " : " JOIN ");
            if (item.Iterate)
                text.Append(item.Alias).Append(" IN ");
            if (item.Path is { } path)
                Write(text, path);
            else
                text.Append('(').Append(Of(item.Query!)).Append(')');
            if (!item.Iterate && item.Alias is { } alias)
                text.Append(" AS ").Append(alias);
        }
        return text.ToString();
    }

    public static string OrderByClause(IReadOnlyList<OrderItem> items)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            text.Append(text.Length == 0 ? " ORDER BY " : ", ");
            Write(text, item.Value);
            text.Append(item.Descending ? " DESC" : "");
        }
        return text.ToString();
    }
}
