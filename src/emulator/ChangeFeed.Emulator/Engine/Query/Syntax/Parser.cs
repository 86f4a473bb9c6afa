namespace ChangeFeed.Emulator.Engine.Query.Syntax;

/// <summary>Recursive descent over the words of a query.</summary>
internal sealed partial class Parser
{
    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private Parser(string text)
    {
        _text = text;
        _tokens = Lexer.Read(text);
    }

    /// <summary>Parses <c>SELECT …</c>.</summary>
    public static SelectQuery ParseQuery(string text)
    {
        var parser = new Parser(text);
        var query = parser.Query();
        parser.ExpectEnd();
        return query;
    }

    /// <summary>Parses <c>FROM c WHERE …</c>, the condition of a patch, as if it began with <c>SELECT *</c>.</summary>
    public static SelectQuery ParseCondition(string text)
    {
        var parser = new Parser(text);
        var from = parser.FromClause();
        var where = parser.Accept("WHERE") ? parser.ParseExpression() : null;
        parser.ExpectEnd();
        return new SelectQuery(0, new SelectClause(0, false, null, null, [])) { From = from, Where = where };
    }

    private Token Current => _tokens[_at];

    private Token Ahead => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    private Token Take() => _tokens[_at++];

    private bool Accept(string word)
    {
        if (!Current.Is(word))
            return false;
        _at++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Accept(word))
            throw Unexpected();
    }

    private void ExpectEnd()
    {
        if (Current.Kind != TokenKind.End)
            throw Unexpected();
    }

    private string ExpectIdentifier() => Current.Kind == TokenKind.Identifier ? Take().Text : throw Unexpected();

    private QuerySyntaxException Unexpected()
    {
        var found = Current.Kind == TokenKind.End
            ? "Syntax error, the query ends where more was expected"
            : $"Syntax error, incorrect syntax near '{_text[Current.Start..Current.End]}'";
        return new QuerySyntaxException(found, _text, Current.Start);
    }
}
