using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Syntax;

internal sealed partial class Parser
{
    private const int MaxDepth = 128;

    /// <summary>A chain such as a + b + c is as deep as it is long; one of AND or OR is not.</summary>
    private const int MaxChain = 400;

    /// <summary>
    /// Binary operators from the loosest to the tightest, all tighter than AND; NOT and the other unary ones are tighter still.
    /// </summary>
    private static readonly string[][] Levels =
    [
        ["=", "!=", "<>", "<", ">", "<=", ">="],
        ["||"],
        ["<<", ">>", ">>>"],
        ["+", "-", "&", "|", "^"],
        ["*", "/", "%"],
    ];

    private Expression ParseExpression()
    {
        Enter();
        var result = Conditional();
        _depth--;
        return Bounded(result);
    }

    private Expression Bounded(Expression expression) => expression.Depth <= MaxChain
        ? expression
        : throw new QuerySyntaxException(
            $"The expression has a chain or nesting of more than {MaxChain} operators", _text, expression.Position);

    private Expression Conditional()
    {
        var condition = Coalesce();
        if (!Accept("?"))
            return condition;
        var then = ParseExpression();
        Expect(":");
        return new ConditionalExpression(condition.Position, condition, then, ParseExpression());
    }

    private Expression Coalesce()
    {
        var left = Or();
        if (!Current.Is("??"))
            return left;
        var position = Take().Start;
        Enter();
        var right = Coalesce();
        _depth--;
        return new BinaryExpression(position, "??", left, right);
    }

    private Expression Or() => Chain("OR", And);

    private Expression And() => Chain("AND", Predicate);

    /// <summary>Operands of AND or OR as a balanced tree, so that the thousands of conditions some clients send do not nest.</summary>
    private Expression Chain(string keyword, Func<Expression> operand)
    {
        var first = operand();
        if (!Current.Is(keyword))
            return first;
        var operands = new List<Expression> { first };
        while (Accept(keyword))
            operands.Add(operand());
        return Balanced(keyword, operands, 0, operands.Count);
    }

    private static Expression Balanced(string keyword, List<Expression> operands, int start, int count)
    {
        if (count == 1)
            return operands[start];
        var half = count / 2;
        var left = Balanced(keyword, operands, start, half);
        return new BinaryExpression(left.Position, keyword, left, Balanced(keyword, operands, start + half, count - half));
    }

    /// <summary>IN, BETWEEN and LIKE, with or without NOT.</summary>
    private Expression Predicate()
    {
        var operand = Binary(0);
        var not = Current.Is("NOT") && (Ahead.Is("IN") || Ahead.Is("BETWEEN") || Ahead.Is("LIKE"));
        var position = Current.Start;
        if (not)
            _at++;
        Expression result;
        if (Accept("IN"))
        {
            Expect("(");
            result = new InExpression(position, operand, ExpressionList());
            Expect(")");
        }
        else if (Accept("BETWEEN"))
        {
            var low = Binary(0);
            Expect("AND");
            result = new BetweenExpression(position, operand, low, Binary(0));
        }
        else if (Accept("LIKE"))
        {
            result = new LikeExpression(position, operand, Binary(0), Accept("ESCAPE") ? EscapeCharacter() : null);
        }
        else
        {
            return operand;
        }
        return not ? new UnaryExpression(position, "NOT", result) : result;
    }

    private string EscapeCharacter()
    {
        if (Current.Kind != TokenKind.String)
            throw Unexpected();
        if (Current.Text.Length != 1)
            throw new QuerySyntaxException("The ESCAPE of LIKE must be one character", _text, Current.Start);
        return Take().Text;
    }

    private Expression Binary(int level)
    {
        if (level == Levels.Length)
            return Unary();
        var left = Binary(level + 1);
        while (Current.Kind == TokenKind.Symbol && System.Array.IndexOf(Levels[level], Current.Text) >= 0)
        {
            var symbol = Take();
            var name = symbol.Text == "<>" ? "!=" : symbol.Text;
            left = new BinaryExpression(symbol.Start, name, left, Binary(level + 1));
        }
        return left;
    }

    private Expression Unary()
    {
        if (!(Current.Is("-") || Current.Is("+") || Current.Is("~") || Current.Is("NOT")))
            return Postfix();
        var token = Take();
        Enter();
        var operand = Unary();
        _depth--;
        if (token.Text == "-" && operand is Literal { Value.IsNumber: true } number)
            return new Literal(token.Start, Negate(number.Value));
        return new UnaryExpression(token.Start, token.Text, operand);
    }

    private static Value Negate(in Value number) =>
        number.TryGetRaw(out var digits) ? Value.FromJson([(byte)'-', .. digits.Span]) : Value.Of(-number.AsNumber());

    private Expression Postfix()
    {
        var target = Primary();
        while (true)
        {
            if (!Current.Is(".") && !Current.Is("["))
                return target;
            target = Current.Is("[") ? Indexer(target) : Member(target);
        }
    }

    private PropertyAccess Member(Expression target)
    {
        Expect(".");
        return new PropertyAccess(Current.Start, target, ExpectIdentifier());
    }

    private Expression Indexer(Expression target)
    {
        Expect("[");
        var position = Current.Start;
        var index = ParseExpression();
        Expect("]");
        return index is Literal { Value.IsString: true } name
            ? new PropertyAccess(position, target, name.Value.AsString())
            : new IndexAccess(position, target, index);
    }

    private List<Expression> ExpressionList()
    {
        var list = new List<Expression> { ParseExpression() };
        while (Accept(","))
            list.Add(ParseExpression());
        return list;
    }
}
