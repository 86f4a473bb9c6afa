
namespace ChangeFeed.Emulator.Engine.Query;

/// <summary>The query cannot be run as it was sent: wrong text, parameter or continuation. To be answered with 400.</summary>
internal class QueryException(string message) : Exception(message);

/// <summary>The text of the query is wrong; the message names line, column and offset where that is known.</summary>
internal sealed class QuerySyntaxException : QueryException
{
    /// <summary>A fault without a place in the text.</summary>
    public QuerySyntaxException(string message) : base(message) { }

    /// <summary>A fault at a place in the text.</summary>
    public QuerySyntaxException(string message, string text, int position) : base(Describe(message, text, position))
    {
        Detail = message;
        Position = position;
        End = Math.Max(position + 1, position + WordAt(text, position));
    }

    /// <summary>The message without the place.</summary>
    public string? Detail { get; }

    /// <summary>Zero-based offset behind the word at <see cref="Position"/>.</summary>
    public int End { get; }

    /// <summary>The number the service gives to this fault; 1001 is a syntax error.</summary>
    public int Code { get; init; } = 1001;

    /// <summary>Zero-based offset in the text, or -1.</summary>
    public int Position { get; } = -1;

    private static int WordAt(string text, int position) =>
        text.Skip(position).TakeWhile(character => char.IsLetterOrDigit(character) || character is '_' or '$').Count();

    private static string Describe(string message, string text, int position)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        return $"{message} (line {line}, column {column}, offset {position})";
    }
}

/// <summary>The continuation was not made by this engine for this query. To be answered with 400.</summary>
internal sealed class QueryContinuationException(string message) : QueryException(message);

/// <summary>The query needs a feature this store does not have. To be answered with 501.</summary>
internal sealed class QueryNotSupportedException(string message) : Exception(message);
