using ChangeFeed.Emulator.Engine.Query.Syntax;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>Resolves the names of a parsed query, checks it, and turns it into something that can be run.</summary>
internal sealed partial class Compiler
{
    private const int MaxJoins = 10;

    private readonly string _text;
    private readonly List<string> _parameters = [];
    private int _slots = 1;

    private readonly ComputedProperties? _computed;

    private Compiler(string text, ComputedProperties? computed) => (_text, _computed) = (text, computed);

    public static CompiledQuery Compile(SelectQuery query, string text, ComputedProperties? computed)
    {
        var compiler = new Compiler(text, computed);
        var plan = compiler.Plan(query, null, true);
        return new CompiledQuery(plan, compiler._slots, compiler._parameters);
    }

    /// <param name="query">What was parsed.</param>
    /// <param name="outer">The names of the query around it; null for the query itself.</param>
    /// <param name="overContainer">Whether its first source is the container: only in the query itself and within its first source.</param>
    private SelectPlan Plan(SelectQuery query, Scope? outer, bool overContainer)
    {
        var scope = new Scope(outer);
        var sources = new Sources();
        foreach (var item in query.From)
            AddSource(sources, item, scope, overContainer && sources.Nodes.Count == 0);
        if (query.From.Count > MaxJoins + 1)
            throw Wrong(2990, $"The query has {query.From.Count - 1} joins, at most {MaxJoins} are allowed", query.Position);
        if (query.Select.Top is not null && query.Offset is not null)
            throw Wrong(2990, "A TOP cannot be used in the same query or subquery as an OFFSET", query.Position);
        if (outer is not null)
            CheckSubquery(query);

        var where = query.Where is null ? null : new ExpressionCompiler(this, scope, null, "the WHERE clause").Compile(query.Where);
        var grouping = Grouping(query, scope);
        var output = new ExpressionCompiler(this, scope, grouping, null);
        var order = new ExpressionCompiler(this, scope, grouping, null) { OrdersGroups = true };
        return new SelectPlan
        {
            From = [.. sources.Steps],
            ReadsContainer = sources.ReadContainer,
            Where = where,
            Projection = Projection(query, output, sources),
            // Aggregates over all rows give one row, whatever its order.
            OrderBy = grouping is { Keys.Count: 0 } ? [] : [.. query.OrderBy.Select(item => OrderKey(item, order, grouping, query))],
            Group = grouping?.ToPlan(),
            Distinct = query.Select.Distinct,
            Top = Count(query.Select.Top, scope),
            Offset = Count(query.Offset, scope),
            Limit = Count(query.Limit, scope),
        };
    }

    private sealed class Sources
    {
        public List<FromStep> Steps { get; } = [];
        public List<Node> Nodes { get; } = [];
        public bool ReadContainer { get; set; }
    }

    private void CheckSubquery(SelectQuery query)
    {
        if (query.OrderBy.Count > 0)
            throw Wrong(2202, "'ORDER BY' is not supported in subqueries", query.OrderBy[0].Position);
        if (query.Select.Top is { } top)
            throw Wrong(2203, "'TOP' is not supported in subqueries", top.Position);
        if (query.Offset is { } offset)
            throw Wrong(2204, "'OFFSET LIMIT' clause is not supported in subqueries", offset.Position);
    }

    private void AddSource(Sources sources, FromItem item, Scope scope, bool overContainer)
    {
        if (item.Query is { } query)
        {
            var plan = Plan(query, scope, overContainer);
            sources.ReadContainer |= plan.ReadsContainer;
            var slot = _slots++;
            sources.Steps.Add(new FromStep(slot, null, plan, item.Iterate));
            Declare(sources, scope, item, slot);
            return;
        }

        sources.ReadContainer |= overContainer;
        var names = overContainer ? ContainerScope(item.Path!) : scope;
        var path = new ExpressionCompiler(this, names, null, "the FROM clause").Compile(item.Path!);
        var isContainer = overContainer && path is SlotNode && !item.Iterate;
        var bound = path is SlotNode alias && !item.Iterate ? alias.Slot : _slots++;
        if (!isContainer)
            sources.Steps.Add(new FromStep(bound, path, null, item.Iterate));
        Declare(sources, scope, item, bound);
    }

    private void Declare(Sources sources, Scope scope, FromItem item, int slot)
    {
        var node = new SlotNode(slot);
        sources.Nodes.Add(node);
        if (item.Alias is { } alias && !scope.TryAdd(alias, node))
            throw Wrong(2011, $"The input set name or alias '{alias}' is specified more than once in the FROM clause", item.Position);
    }

    /// <summary>Whatever name a path over the container begins with, it means the document.</summary>
    private static Scope ContainerScope(Expression path)
    {
        while (path is not Identifier)
            path = path is PropertyAccess property ? property.Target : ((IndexAccess)path).Target;
        var scope = new Scope(null);
        scope.TryAdd(((Identifier)path).Name, new SlotNode(Frame.Document));
        return scope;
    }

    private Grouping? Grouping(SelectQuery query, Scope scope)
    {
        if (query.GroupBy.Count == 0 && !AggregateFinder.HasAggregate(query))
            return null;
        var grouping = new Grouping();
        var keys = new ExpressionCompiler(this, scope, null, "the GROUP BY clause");
        foreach (var expression in query.GroupBy)
            grouping.AddKey(expression, keys.Compile(expression), _slots++);
        return grouping;
    }

    private Node Projection(SelectQuery query, ExpressionCompiler output, Sources sources)
    {
        var select = query.Select;
        if (select.Value is { } value)
            return output.Compile(value);
        if (!select.IsStar)
            return new ObjectNode([.. select.List.Select(item => KeyValuePair.Create(item.Name, output.Compile(item.Value)))]);
        if (query.GroupBy.Count > 0)
            throw Wrong(2041, "'SELECT *' is not allowed with GROUP BY", select.Position);
        return sources.Nodes is [var only] ? only : throw Wrong(2042, "'SELECT *' is only valid with a single input set", select.Position);
    }

    private OrderKey OrderKey(OrderItem item, ExpressionCompiler order, Grouping? grouping, SelectQuery query)
    {
        var value = order.Compile(item.Value);
        var path = OrderPath.Of(item.Value, query);
        if (path.Names is null)
            throw Wrong(2206, "Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path", item.Position);
        if (grouping is null && path.IsCorrelated)
            throw new QueryException("Order-by over correlated collections is not supported.");
        return new(value, item.Descending, path.Names);
    }

    private Node? Count(Expression? count, Scope scope)
    {
        if (count is Literal literal && literal.Value.AsNumber() is var number && (number != Math.Floor(number) || number > int.MaxValue))
            throw Wrong(2060, "The count of a TOP, OFFSET or LIMIT must be an integer", count.Position);
        return count is null ? null : new ExpressionCompiler(this, scope, null, null).Compile(count);
    }

    private int Parameter(string name)
    {
        var index = _parameters.IndexOf(name);
        if (index >= 0)
            return index;
        _parameters.Add(name);
        return _parameters.Count - 1;
    }

    private QuerySyntaxException Wrong(int code, string message, int position) => new(message, _text, position) { Code = code };
}
