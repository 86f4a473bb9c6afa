using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query.Syntax;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>Finds in a condition to which ids and partition keys it restricts the documents.</summary>
internal static class HintFinder
{
    /// <summary>Beyond so many combinations of key values nothing is gained by seeking each of them.</summary>
    private const int MaxKeys = 10_000;

    public static ScanHints Find(SelectQuery query, QueryRequest request)
    {
        if (query.Where is null || query.From is not [{ Path: Identifier, Iterate: false, Alias: { } alias }, ..])
            return ScanHints.None;
        var ids = Values(query.Where, alias, ["id"], request.Spec)?.Where(value => value.IsString)
            .Select(value => value.AsString())
            .Distinct()
            .ToList();
        return new ScanHints(ids, PartitionKeys(query.Where, alias, request));
    }

    private static List<string>? PartitionKeys(Expression where, string alias, QueryRequest request)
    {
        var keys = new List<string> { "" };
        foreach (var path in request.PartitionKeyPaths)
        {
            var values = Values(where, alias, PathOf(path), request.Spec);
            if (values is null || values.Count * keys.Count > MaxKeys || KeyTexts(values) is not { } texts)
                return null;
            keys = Combine(keys, texts);
        }
        return request.PartitionKeyPaths.Count == 0 ? null : [.. keys.Select(key => $"[{key}]")];
    }

    /// <summary>
    /// The values as JSON; undefined equals nothing. Null when one is an array or object: such properties are no key values.
    /// </summary>
    public static List<string>? KeyTexts(List<Value> values) => values.Exists(value => value.Kind >= ValueKind.Array)
        ? null
        : [.. values.Where(value => !value.IsUndefined).Select(value => JsonOutput.ToText(value)).Distinct()];

    public static List<string> Combine(List<string> keys, List<string> next) =>
        [.. keys.SelectMany(_ => next, (key, text) => key.Length == 0 ? text : $"{key},{text}")];

    public static string[] PathOf(string path) =>
        [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Trim('"'))];

    /// <summary>The only values a property can have where the condition holds; null when it can have any.</summary>
    public static List<Value>? Values(Expression where, string alias, string[] path, QuerySpec spec)
    {
        switch (where)
        {
            case BinaryExpression { Operator: "AND" } and:
                var left = Values(and.Left, alias, path, spec);
                var right = Values(and.Right, alias, path, spec);
                return left is null || right is null ? left ?? right : [.. left.Where(a => right.Any(b => ValueOrder.AreEqual(a, b)))];
            case BinaryExpression { Operator: "OR" } or:
                var either = Values(or.Left, alias, path, spec);
                var other = either is null ? null : Values(or.Right, alias, path, spec);
                return other is null ? null : [.. either!, .. other];
            case BinaryExpression { Operator: "=" } equal:
                var value = IsPath(equal.Left, alias, path) ? Constant(equal.Right, spec)
                    : IsPath(equal.Right, alias, path) ? Constant(equal.Left, spec)
                    : null;
                return value is null ? null : [value.Value];
            case InExpression list when IsPath(list.Operand, alias, path):
                var constants = list.List.Select(item => Constant(item, spec)).ToList();
                return constants.Contains(null) ? null : [.. constants.Select(item => item!.Value)];
            default:
                return null;
        }
    }

    private static bool IsPath(Expression expression, string alias, ReadOnlySpan<string> path)
    {
        for (var i = path.Length - 1; i >= 0; i--)
        {
            if (expression is not PropertyAccess property || property.Name != path[i])
                return false;
            expression = property.Target;
        }
        return expression is Identifier root && root.Name == alias;
    }

    private static Value? Constant(Expression expression, QuerySpec spec) => expression switch
    {
        Literal literal => literal.Value,
        ParameterReference parameter =>
            spec.Parameters.TryGetValue(parameter.Name, out JsonElement value) ? Value.FromElement(value) : Value.Undefined,
        _ => null,
    };
}
