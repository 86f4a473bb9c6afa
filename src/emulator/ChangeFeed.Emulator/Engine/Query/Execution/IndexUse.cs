using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Syntax;
using ChangeFeed.Emulator.Model.Indexing;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>Which indexes the service would use for a query. Here nothing is looked up in them.</summary>
/// <param name="Single">The paths of its filters and its order that are indexed.</param>
/// <param name="PotentialSingle">Those that are not.</param>
/// <param name="Composite">The composite indexes that serve it.</param>
/// <param name="PotentialComposite">Those it would be cheaper with.</param>
internal sealed record IndexUse(
    IReadOnlyList<string[]> Single,
    IReadOnlyList<string[]> PotentialSingle,
    IReadOnlyList<OrderedPath[]> Composite,
    IReadOnlyList<OrderedPath[]> PotentialComposite)
{
    public static IndexUse Of(SelectQuery query, IndexingPolicy policy)
    {
        var filters = new List<Filter>();
        if (query.Where is not null)
            new FilterFinder(query, filters).Walk(query.Where, isConjunct: true);
        OrderedPath[] order = query.GroupBy.Count > 0 ? [] :
        [
            .. query.OrderBy.Select(item => (OrderPath.Of(item.Value, query).Names, item.Descending))
                .Where(item => item.Names is not null).Select(item => new OrderedPath(item.Names!, item.Descending))
        ];
        var paths = filters.Select(filter => filter.Path).Concat(order.Length == 1 ? [order[0].Names] : [])
            .DistinctBy(IndexPath.Text).ToLookup(policy.Covers);
        var composites = Candidates(filters, order).ToLookup(candidate => policy.HasComposite(candidate));
        return new([.. paths[true]], [.. paths[false]], [.. composites[true]], [.. composites[false]]);
    }

    /// <summary>What a composite index can serve: the order, and the filters that all have to hold, those with one value first.</summary>
    private static IEnumerable<OrderedPath[]> Candidates(List<Filter> filters, OrderedPath[] order)
    {
        if (order.Length > 1)
            yield return order;
        OrderedPath[] conjuncts =
        [
            .. filters.Where(filter => filter.IsConjunct).OrderBy(filter => filter.IsEquality ? 0 : 1)
                .Select(filter => filter.Path).DistinctBy(IndexPath.Text)
                .Where(path => !order.Any(item => item.Names.AsSpan().SequenceEqual(path)))
                .Select(path => new OrderedPath(path, Descending: false))
        ];
        if (conjuncts.Length > 0 && conjuncts.Length + order.Length > 1)
            yield return [.. conjuncts, .. order];
    }

    private readonly record struct Filter(string[] Path, bool IsEquality, bool IsConjunct);

    /// <summary>Finds the conditions an index can answer: a property on one side, a constant on the other.</summary>
    private sealed class FilterFinder(SelectQuery query, List<Filter> found)
    {
        private static readonly HashSet<string> Indexed = new(StringComparer.OrdinalIgnoreCase)
        {
            "STARTSWITH", "ENDSWITH", "CONTAINS", "STRINGEQUALS", "REGEXMATCH", "IS_DEFINED", "IS_NULL", "IS_BOOL", "IS_NUMBER", "IS_STRING",
            "IS_ARRAY", "IS_OBJECT", "IS_PRIMITIVE",
        };

        public void Walk(Expression condition, bool isConjunct)
        {
            switch (condition)
            {
                case BinaryExpression { Operator: "AND" } and:
                    Walk(and.Left, isConjunct);
                    Walk(and.Right, isConjunct);
                    break;
                case BinaryExpression { Operator: "OR" } or:
                    Walk(or.Left, isConjunct: false);
                    Walk(or.Right, isConjunct: false);
                    break;
                case UnaryExpression { Operator: "NOT" } not:
                    Walk(not.Operand, isConjunct: false);
                    break;
                case BinaryExpression { Operator: "=" or "!=" or "<>" or "<" or "<=" or ">" or ">=" } comparison:
                    var side = IsConstant(comparison.Right) ? comparison.Left : IsConstant(comparison.Left) ? comparison.Right : null;
                    Add(side, comparison.Operator == "=", isConjunct);
                    break;
                case InExpression list when list.List.All(IsConstant):
                    Add(list.Operand, isEquality: true, isConjunct);
                    break;
                case BetweenExpression between when IsConstant(between.Low) && IsConstant(between.High):
                    Add(between.Operand, isEquality: false, isConjunct);
                    break;
                case LikeExpression like:
                    Add(like.Operand, isEquality: false, isConjunct);
                    break;
                case FunctionCall { Arguments: [var first, ..] } call when Indexed.Contains(call.Name):
                    Add(first, isEquality: false, isConjunct);
                    break;
                case FunctionCall { Arguments: [var array, ObjectLiteral element, ..] } call when IsArrayContains(call):
                    foreach (var member in element.Members.Where(member => IsConstant(member.Value)))
                        Add(array, isEquality: false, isConjunct, IndexPath.Element, member.Name);
                    break;
                case FunctionCall { Arguments: [var array, ..] } call when IsArrayContains(call):
                    Add(array, isEquality: false, isConjunct, IndexPath.Element);
                    break;
                case PropertyAccess:
                    Add(condition, isEquality: true, isConjunct);
                    break;
            }
        }

        private void Add(Expression? operand, bool isEquality, bool isConjunct, params string[] below)
        {
            if (operand is not null && OrderPath.Of(operand, query).Names is { Length: > 0 } path)
                found.Add(new([.. path, .. below], isEquality, isConjunct));
        }

        private static bool IsArrayContains(FunctionCall call) => call.Name.Equals("ARRAY_CONTAINS", StringComparison.OrdinalIgnoreCase);

        private static bool IsConstant(Expression expression) => expression is Literal or ParameterReference;
    }
}
