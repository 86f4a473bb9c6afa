
namespace ChangeFeed.Emulator.Engine.Query.Syntax;

internal sealed partial class Parser
{
    private SelectQuery Query()
    {
        var position = Current.Start;
        var query = new SelectQuery(position, SelectClause());
        if (Current.Is("FROM"))
            query = query with { From = FromClause() };
        if (Accept("WHERE"))
            query = query with { Where = ParseExpression() };
        if (Accept("GROUP"))
        {
            Expect("BY");
            query = query with { GroupBy = ExpressionList() };
        }
        if (Accept("ORDER"))
        {
            Expect("BY");
            query = query with { OrderBy = OrderItems() };
        }
        if (Accept("OFFSET"))
        {
            var offset = Count();
            Expect("LIMIT");
            query = query with { Offset = offset, Limit = Count() };
        }
        return query;
    }

    private SelectClause SelectClause()
    {
        var position = Current.Start;
        Expect("SELECT");
        var distinct = Accept("DISTINCT");
        var top = Accept("TOP") ? Count() : null;
        if (Accept("*"))
            return new SelectClause(position, distinct, top, null, []);
        if (Accept("VALUE"))
            return new SelectClause(position, distinct, top, ParseExpression(), []);
        return new SelectClause(position, distinct, top, null, SelectList());
    }

    private List<SelectItem> SelectList()
    {
        var items = new List<SelectItem>();
        var names = new HashSet<string>();
        var unnamed = 0;
        do
        {
            var position = Current.Start;
            var value = ParseExpression();
            var name = SelectName(value) ?? $"${++unnamed}";
            if (!names.Add(name))
                throw new QuerySyntaxException($"Object creation error, property name '{name}' specified more than once", _text, position);
            items.Add(new SelectItem(position, value, name));
        }
        while (Accept(","));
        return items;
    }

    private string? SelectName(Expression value)
    {
        if (Accept("AS"))
            return Current.Kind == TokenKind.String ? Take().Text : ExpectIdentifier();
        if (Current.Kind == TokenKind.Identifier)
            return Take().Text;
        return value switch
        {
            Identifier identifier => identifier.Name,
            PropertyAccess property => property.Name,
            _ => null,
        };
    }

    private List<FromItem> FromClause()
    {
        Expect("FROM");
        var items = new List<FromItem> { FromItem() };
        while (Accept("JOIN"))
            items.Add(FromItem());
        return items;
    }

    private FromItem FromItem()
    {
        var position = Current.Start;
        if (Current.Kind == TokenKind.Identifier && Ahead.Is("IN"))
        {
            var name = Take().Text;
            _at++;
            return Current.Is("(")
                ? new FromItem(position, null, SubqueryInParentheses(), name, true)
                : new FromItem(position, CollectionPath(), null, name, true);
        }
        if (Current.Is("("))
        {
            var query = SubqueryInParentheses();
            return new FromItem(position, null, query, Alias(), false);
        }
        var path = CollectionPath();
        return new FromItem(position, path, null, Alias() ?? LastName(path), false);
    }

    private string? Alias()
    {
        if (Accept("AS"))
            return ExpectIdentifier();
        return Current.Kind == TokenKind.Identifier ? Take().Text : null;
    }

    private static string? LastName(Expression path) => path switch
    {
        Identifier identifier => identifier.Name,
        PropertyAccess property => property.Name,
        _ => null,
    };

    private Expression CollectionPath()
    {
        Expression path = new Identifier(Current.Start, ExpectIdentifier());
        while (true)
        {
            if (Current.Is("."))
            {
                path = Member(path);
            }
            else if (Current.Is("["))
            {
                if (Ahead.Kind is not (TokenKind.Number or TokenKind.String))
                {
                    _at++;
                    throw Unexpected();
                }
                path = Indexer(path);
            }
            else
            {
                return Bounded(path);
            }
        }
    }

    private List<OrderItem> OrderItems()
    {
        var items = new List<OrderItem>();
        do
        {
            if (Current is { Kind: TokenKind.Identifier } word && word.Text.Equals("RANK", StringComparison.OrdinalIgnoreCase)
                && Ahead.Kind == TokenKind.Identifier)
                throw new QueryNotSupportedException("ORDER BY RANK (full-text and hybrid search) is not supported by this store.");
            var position = Current.Start;
            var value = ParseExpression();
            var descending = Accept("DESC");
            if (!descending)
                Accept("ASC");
            items.Add(new OrderItem(position, value, descending));
        }
        while (Accept(","));
        return items;
    }

    private Expression Count()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Parameter:
                _at++;
                return new ParameterReference(token.Start, token.Text);
            case TokenKind.Number:
                _at++;
                return new Literal(token.Start, Values.Value.Of(token.Number));
            default:
                throw Unexpected();
        }
    }

    private SelectQuery SubqueryInParentheses()
    {
        Expect("(");
        Enter();
        var query = Query();
        _depth--;
        Expect(")");
        return query;
    }

    /// <summary>Refuses nesting that could exhaust the stack, here or where the query is evaluated.</summary>
    private void Enter()
    {
        if (++_depth > MaxDepth)
            throw new QuerySyntaxException($"The query is nested more than {MaxDepth} levels deep", _text, Current.Start);
    }
}
