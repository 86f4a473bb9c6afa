using ChangeFeed.Emulator.Engine.Query.Syntax;
using ChangeFeed.Emulator.Model.Indexing;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>What an item of ORDER BY is in the document: the service orders by what it can find in an index.</summary>
/// <param name="Names">The names of its path; null where it is none.</param>
/// <param name="IsCorrelated">It is an element of an array, or what was joined.</param>
internal readonly record struct OrderPath(string[]? Names, bool IsCorrelated = false)
{
    private static readonly OrderPath None = new(null);

    public static OrderPath Of(Expression item, SelectQuery query) => IsPath(item) ? Resolve(NamesOf(item), query) : None;

    public static bool IsPath(Expression expression) => expression switch
    {
        Identifier => true,
        PropertyAccess property => IsPath(property.Target),
        IndexAccess { Index: Literal } index => IsPath(index.Target),
        _ => false,
    };

    /// <summary>The identifier a path begins with and the names behind it.</summary>
    private static List<string> NamesOf(Expression path)
    {
        var names = new List<string>();
        for (; path is not Identifier; path = path is PropertyAccess access ? access.Target : ((IndexAccess)path).Target)
            names.Add(path is PropertyAccess property ? property.Name : IndexPath.Element);
        names.Add(((Identifier)path).Name);
        names.Reverse();
        return names;
    }

    private static OrderPath Resolve(List<string> path, SelectQuery query)
    {
        for (var i = 0; i < query.From.Count; i++)
        {
            var source = query.From[i];
            if (source.Alias != path[0])
                continue;
            string[] rest = [.. path.Skip(1)];
            var found = source.Query is { } inner ? InRows(inner, rest) : new([.. NamesOf(source.Path!).Skip(1), .. rest]);
            return found with { IsCorrelated = found.Names is not null && (found.IsCorrelated || source.Iterate || i > 0) };
        }
        // A name of the query around it.
        return new([], IsCorrelated: true);
    }

    /// <summary>What a path over the rows of a subquery is.</summary>
    private static OrderPath InRows(SelectQuery query, string[] path)
    {
        if (query.Select.Value is { } value)
            return InValue(value, path, query);
        if (query.Select.IsStar)
            return query.From is [{ Alias: { } alias }, ..] ? Resolve([alias, .. path], query) : None;
        return path is [var name, .. var rest] && query.Select.List.FirstOrDefault(item => item.Name == name) is { } column
            ? InValue(column.Value, rest, query)
            : None;
    }

    private static OrderPath InValue(Expression value, string[] path, SelectQuery query)
    {
        if (IsPath(value))
            return Resolve([.. NamesOf(value), .. path], query);
        return value is ObjectLiteral literal && path is [var name, .. var rest]
            && literal.Members.FirstOrDefault(member => member.Name == name) is { } member
                ? InValue(member.Value, rest, query)
                : None;
    }
}
