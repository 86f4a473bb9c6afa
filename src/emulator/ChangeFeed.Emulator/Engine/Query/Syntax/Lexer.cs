using System.Globalization;
using System.Text;

namespace ChangeFeed.Emulator.Engine.Query.Syntax;

/// <summary>Splits a query into words.</summary>
internal sealed class Lexer(string text)
{
    private const string Placeholder = "{documentdb-formattableorderbyquery-filter}";

    private static readonly string[] Symbols =
    [
        ">>>", "<<", ">>", "<=", ">=", "<>", "!=", "??", "||",
        "(", ")", "[", "]", "{", "}", ",", ".", ":", "?", "=", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "~",
    ];

    private int _at;

    public static List<Token> Read(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<Token>();
        do
            tokens.Add(lexer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private char Current => _at < text.Length ? text[_at] : '\0';

    private char Ahead(int by = 1) => _at + by < text.Length ? text[_at + by] : '\0';

    private Token Next()
    {
        SkipSpaceAndComments();
        if (_at >= text.Length)
            return new Token(TokenKind.End, "", text.Length, text.Length);
        var c = Current;
        if (char.IsLetter(c) || c == '_')
            return Word();
        if (c == '@')
            return Parameter();
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Ahead())))
            return Number();
        if (c is '"' or '\'')
            return String();
        return Symbol();
    }

    private void SkipSpaceAndComments()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(Current))
            {
                _at++;
            }
            else if (Current == '-' && Ahead() == '-')
            {
                var end = text.AsSpan(_at).IndexOfAny('\r', '\n');
                _at = end < 0 ? text.Length : _at + end;
            }
            else if (Current == '/' && Ahead() == '*')
            {
                var end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                if (end < 0)
                    throw new QuerySyntaxException("Syntax error, the comment is not closed", text, _at);
                _at = end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private Token Word()
    {
        var start = _at;
        while (char.IsLetterOrDigit(Current) || Current == '_' || char.GetUnicodeCategory(Current) is UnicodeCategory.NonSpacingMark)
            _at++;
        var word = text[start.._at];
        return Keywords.TryGet(word, out var keyword)
            ? new Token(TokenKind.Keyword, keyword, start, _at)
            : new Token(TokenKind.Identifier, word, start, _at);
    }

    private Token Parameter()
    {
        var start = _at++;
        while (char.IsLetterOrDigit(Current) || Current == '_')
            _at++;
        if (_at == start + 1)
            throw new QuerySyntaxException("Syntax error, '@' must be followed by the name of a parameter", text, start);
        return new Token(TokenKind.Parameter, text[start.._at], start, _at);
    }

    private Token Number()
    {
        var start = _at;
        if (Current == '0' && Ahead() is 'x' or 'X')
        {
            _at += 2;
            while (char.IsAsciiHexDigit(Current))
                _at++;
            if (!ulong.TryParse(
                text.AsSpan(start + 2, _at - start - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
                throw Wrong(start);
            return new Token(TokenKind.Number, text[start.._at], start, _at, hex);
        }

        SkipDigits();
        if (Current == '.')
        {
            _at++;
            SkipDigits();
        }
        if (Current is 'e' or 'E' && (char.IsAsciiDigit(Ahead()) || (Ahead() is '+' or '-' && char.IsAsciiDigit(Ahead(2)))))
        {
            _at += 2;
            SkipDigits();
        }
        if (char.IsLetterOrDigit(Current) || Current == '_')
            throw Wrong(start);
        var number = double.Parse(text.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
            throw Wrong(start);
        return new Token(TokenKind.Number, text[start.._at], start, _at, number);
    }

    private QuerySyntaxException Wrong(int start)
    {
        while (char.IsLetterOrDigit(Current) || Current == '_')
            _at++;
        return new QuerySyntaxException($"Syntax error, invalid numeric value '{text[start.._at]}'", text, start);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Current))
            _at++;
    }

    private Token String()
    {
        var start = _at;
        var quote = Current;
        _at++;
        var value = new StringBuilder();
        while (Current != quote)
        {
            if (_at >= text.Length)
                throw new QuerySyntaxException("Syntax error, the string is not closed", text, start);
            if (Current == '\\')
                value.Append(Escape());
            else
                value.Append(text[_at++]);
        }
        _at++;
        return new Token(TokenKind.String, value.ToString(), start, _at);
    }

    private char Escape()
    {
        var start = _at;
        _at += 2;
        switch (text.Length > start + 1 ? text[start + 1] : '\0')
        {
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when text.Length >= _at + 4 && ushort.TryParse(
                text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                _at += 4;
                return (char)unit;
            case 'u' or '\0':
                throw new QuerySyntaxException("Syntax error, invalid escape in a string", text, start);
            default:
                return text[start + 1];
        }
    }

    private Token Symbol()
    {
        var start = _at;
        if (string.CompareOrdinal(text, _at, Placeholder, 0, Placeholder.Length) == 0)
        {
            _at += Placeholder.Length;
            return new Token(TokenKind.FilterPlaceholder, Placeholder, start, _at);
        }

        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol, start, _at);
            }
        }
        throw new QuerySyntaxException($"Syntax error, invalid token '{Current}'", text, start);
    }
}
