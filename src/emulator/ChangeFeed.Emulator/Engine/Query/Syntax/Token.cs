namespace ChangeFeed.Emulator.Engine.Query.Syntax;

internal enum TokenKind : byte
{
    End,
    Identifier,
    Keyword,
    Parameter,
    Number,
    String,
    Symbol,

    /// <summary>The place where a client puts its own condition when it resumes a sorted query.</summary>
    FilterPlaceholder,
}

/// <summary>A word of a query.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">An identifier, parameter or symbol as written; a keyword in capitals; a string decoded.</param>
/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset behind its last character.</param>
/// <param name="Number">The value of a number.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, double Number = 0)
{
    public bool Is(string symbolOrKeyword) => Kind is TokenKind.Keyword or TokenKind.Symbol && Text == symbolOrKeyword;
}
