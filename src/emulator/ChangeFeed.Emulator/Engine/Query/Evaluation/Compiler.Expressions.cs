using ChangeFeed.Emulator.Engine.Query.Functions;
using ChangeFeed.Emulator.Engine.Query.Syntax;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

internal sealed partial class Compiler
{
    /// <summary>Compiles the expressions of one clause.</summary>
    /// <param name="owner">The compiler of the whole query.</param>
    /// <param name="scope">The names that can be used.</param>
    /// <param name="grouping">Set in the clauses behind the grouping: there only keys and aggregates exist.</param>
    /// <param name="noAggregates">The clause's name where aggregates are not allowed.</param>
    private sealed class ExpressionCompiler(Compiler owner, Scope scope, Grouping? grouping, string? noAggregates)
    {
        public bool OrdersGroups { get; init; }

        private bool IsComputed { get; init; }

        public Node Compile(Expression expression)
        {
            if ((grouping ?? scope.Grouping)?.FindKey(expression) is { } key)
                return key;
            return expression switch
            {
                Literal literal => Constant(literal.Value),
                FilterPlaceholder => new ConstantNode(Value.True),
                ParameterReference parameter => new ParameterNode(owner.Parameter(parameter.Name)),
                Identifier identifier => Name(identifier),
                PropertyAccess property => Property(Compile(property.Target), property.Name),
                IndexAccess { Index: Literal or ParameterReference } index => new IndexNode(Compile(index.Target), Compile(index.Index)),
                IndexAccess index =>
                    throw owner.Wrong(2990, "The specified query includes 'member indexer' which is currently not supported", index.Position),
                UnaryExpression unary => Unary(unary.Operator, Compile(unary.Operand)),
                BinaryExpression binary => Binary(binary.Operator, Compile(binary.Left), Compile(binary.Right)),
                ConditionalExpression conditional => new ConditionalNode(
                    Compile(conditional.Condition), Compile(conditional.Then), Compile(conditional.Else)),
                BetweenExpression between => new BetweenNode(Compile(between.Operand), Compile(between.Low), Compile(between.High)),
                InExpression list => new InNode(Compile(list.Operand), CompileAll(list.List)),
                LikeExpression like => new LikeNode(Compile(like.Operand), Compile(like.Pattern), like.Escape),
                ArrayLiteral array => new ArrayNode(CompileAll(array.Items)),
                ObjectLiteral value => new ObjectNode([.. value.Members.Select(m => KeyValuePair.Create(m.Name, Compile(m.Value)))]),
                FunctionCall call => Call(call),
                Subquery subquery => Subquery(subquery),
                _ => throw new InvalidOperationException($"Unknown expression {expression.GetType().Name}."),
            };
        }

        private Node[] CompileAll(IReadOnlyList<Expression> list) => [.. list.Select(Compile)];

        // As JSON text a string compares with the strings of documents without being decoded.
        private static ConstantNode Constant(in Value value) => new(value.IsString ? Value.FromJson(JsonOutput.ToJson(value)) : value);

        /// <summary>A property of the document may be one that is computed; its expression sees only what items have.</summary>
        private Node Property(Node target, string name)
        {
            if (target is not SlotNode { Slot: Frame.Document } || IsComputed || owner._computed?.Find(name) is not { } computed)
                return new PropertyNode(target, name);
            var document = new Scope(null);
            document.TryAdd(computed.Alias, target);
            return new ExpressionCompiler(owner, document, null, "a computed property") { IsComputed = true }.Compile(computed.Value);
        }

        private Node Name(Identifier identifier)
        {
            var node = scope.Find(identifier.Name, out var grouped)
                ?? throw owner.Wrong(2001, $"Identifier '{identifier.Name}' could not be resolved", identifier.Position);
            if (grouping is not null || grouped)
            {
                throw owner.Wrong(
                    OrdersGroups ? 2103 : 2102,
                    $"Property reference '{identifier.Name}' is invalid in the {(OrdersGroups ? "ORDER BY clause" : "select list")} "
                    + "because it is not contained "
                    + "in either an aggregate function or the GROUP BY clause",
                    identifier.Position);
            }
            return node;
        }

        private static Node Unary(string symbol, Node operand) => symbol switch
        {
            "NOT" => new NotNode(operand),
            "-" => new UnaryNumberNode(operand, static a => -a),
            "+" => new UnaryNumberNode(operand, static a => a),
            _ => new UnaryNumberNode(operand, static a => ~ArithmeticNode.Int32Of(a)),
        };

        private static Node Binary(string symbol, Node left, Node right) => symbol switch
        {
            "AND" => new AndNode(left, right),
            "OR" => new OrNode(left, right),
            "=" => new EqualNode(left, right, false),
            "!=" => new EqualNode(left, right, true),
            "<" => new CompareNode(Comparison.Less, left, right),
            "<=" => new CompareNode(Comparison.LessOrEqual, left, right),
            ">" => new CompareNode(Comparison.Greater, left, right),
            ">=" => new CompareNode(Comparison.GreaterOrEqual, left, right),
            "??" => new CoalesceNode(left, right),
            "||" => new ConcatenationNode(left, right),
            _ => new ArithmeticNode(left, right, ArithmeticNode.Find(symbol)!),
        };

        private Node Call(FunctionCall call)
        {
            if (Aggregate.Find(call.Name) is { } kind)
                return AggregateCall(call, kind);
            var function = Function.Find(call.Name)
                ?? throw owner.Wrong(2005, $"'{call.Name}' is not a recognized built-in function name", call.Position);
            if (function.Unsupported is { } reason)
                throw new QueryNotSupportedException(reason);
            if (call.Arguments.Count < function.Least || call.Arguments.Count > function.Most)
                throw owner.Wrong(2050, $"The {function.Name} function requires {function.Arity} argument(s)", call.Position);
            return function.Bind(CompileAll(call.Arguments));
        }

        private SlotNode AggregateCall(FunctionCall call, AggregateKind kind)
        {
            if (noAggregates is not null)
                throw owner.Wrong(2100, $"Aggregates are not allowed in {noAggregates}", call.Position);
            if (call.Arguments.Count != 1)
                throw owner.Wrong(2050, $"The {call.Name.ToUpperInvariant()} function requires 1 argument(s)", call.Position);
            if (grouping is null || AggregateFinder.HasAggregate(call.Arguments[0]))
                throw owner.Wrong(2101, "Cannot perform an aggregate function on an expression containing an aggregate or a subquery", call.Position);
            var argument = new ExpressionCompiler(owner, scope, null, "an aggregate").Compile(call.Arguments[0]);
            var slot = owner._slots++;
            grouping.Aggregates.Add(new AggregatePlan(kind, argument, slot));
            return new SlotNode(slot);
        }

        private SubqueryNode Subquery(Subquery subquery)
        {
            if (subquery.Kind == SubqueryKind.Scalar && MayHaveSeveralRows(subquery.Query))
                throw owner.Wrong(2190, "The cardinality of a scalar subquery result set cannot be greater than one", subquery.Position);
            var inner = grouping is null ? scope : new Scope(scope, grouping);
            return new SubqueryNode(subquery.Kind, owner.Plan(subquery.Query, inner, false));
        }

        private static bool MayHaveSeveralRows(SelectQuery query)
        {
            if (query.GroupBy.Count > 0)
                return true;
            return !AggregateFinder.HasAggregate(query)
                && query.From.Any(item => item.Iterate || (item.Query is { } inner && MayHaveSeveralRows(inner)));
        }
    }
}
