using System.Text;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Syntax;

internal sealed partial class Parser
{
    private Expression Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                _at++;
                if (!Current.Is("("))
                    return new Identifier(token.Start, token.Text);
                return Ahead.Is("SELECT") && SubqueryNamed(token.Text) is { } kind
                    ? new Subquery(token.Start, kind, SubqueryInParentheses())
                    : Call(token.Start, token.Text);
            case TokenKind.Parameter:
                _at++;
                return new ParameterReference(token.Start, token.Text);
            case TokenKind.Number:
                _at++;
                return new Literal(token.Start, Number(token));
            case TokenKind.String:
                _at++;
                return new Literal(token.Start, Value.Of(token.Text));
            case TokenKind.FilterPlaceholder:
                _at++;
                return new FilterPlaceholder(token.Start);
            case TokenKind.Keyword:
                return KeywordPrimary(token);
            case TokenKind.Symbol:
                return SymbolPrimary(token);
            default:
                throw Unexpected();
        }
    }

    /// <summary>Integers a double cannot hold keep their digits.</summary>
    private static Value Number(Token token) =>
        Math.Abs(token.Number) >= 9007199254740992 && token.Text.All(char.IsAsciiDigit) && token.Text[0] != '0'
        ? Value.FromJson(Encoding.ASCII.GetBytes(token.Text))
        : Value.Of(token.Number);

    private Expression KeywordPrimary(Token token)
    {
        switch (token.Text)
        {
            case "true":
                _at++;
                return new Literal(token.Start, Value.True);
            case "false":
                _at++;
                return new Literal(token.Start, Value.False);
            case "null":
                _at++;
                return new Literal(token.Start, Value.Null);
            case "undefined":
                _at++;
                return new Literal(token.Start, Value.Undefined);
            case "EXISTS":
                _at++;
                return new Subquery(token.Start, SubqueryKind.Exists, SubqueryInParentheses());
            case "ARRAY":
                _at++;
                return new Subquery(token.Start, SubqueryKind.Array, SubqueryInParentheses());
            case "LEFT" or "RIGHT" when Ahead.Is("("):
                _at++;
                return Call(token.Start, token.Text);
            case "udf":
                throw new QueryNotSupportedException(
                    $"User-defined functions (udf.…, offset {token.Start}) are not supported by this store.");
            default:
                throw Unexpected();
        }
    }

    private Expression SymbolPrimary(Token token)
    {
        switch (token.Text)
        {
            case "(" when Ahead.Is("SELECT"):
                return new Subquery(token.Start, SubqueryKind.Scalar, SubqueryInParentheses());
            case "(":
                _at++;
                var inner = ParseExpression();
                Expect(")");
                return inner;
            case "[":
                return Array(token);
            case "{":
                return Object(token);
            default:
                throw Unexpected();
        }
    }

    /// <summary>ALL, FIRST and LAST are no reserved words.</summary>
    private static SubqueryKind? SubqueryNamed(string word) => word.ToUpperInvariant() switch
    {
        "ALL" => SubqueryKind.All,
        "FIRST" => SubqueryKind.First,
        "LAST" => SubqueryKind.Last,
        _ => null,
    };

    private FunctionCall Call(int position, string name)
    {
        Expect("(");
        if (Accept(")"))
            return new FunctionCall(position, name, []);
        var arguments = ExpressionList();
        Expect(")");
        return new FunctionCall(position, name, arguments);
    }

    private ArrayLiteral Array(Token open)
    {
        Expect("[");
        if (Accept("]"))
            return new ArrayLiteral(open.Start, []);
        var items = ExpressionList();
        Expect("]");
        return new ArrayLiteral(open.Start, items);
    }

    private ObjectLiteral Object(Token open)
    {
        Expect("{");
        var members = new List<ObjectMember>();
        if (Accept("}"))
            return new ObjectLiteral(open.Start, members);
        var names = new HashSet<string>();
        do
        {
            var name = Current;
            if (name.Kind is not (TokenKind.String or TokenKind.Identifier))
                throw Unexpected();
            _at++;
            if (!names.Add(name.Text))
                throw new QuerySyntaxException(
                    $"Object creation error, property name '{name.Text}' specified more than once", _text, name.Start);
            Expect(":");
            members.Add(new ObjectMember(name.Start, name.Text, ParseExpression()));
        }
        while (Accept(","));
        Expect("}");
        return new ObjectLiteral(open.Start, members);
    }
}
