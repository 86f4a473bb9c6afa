using ChangeFeed.Emulator.Engine.Query.Syntax;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>Finds aggregate functions; those inside a subquery belong to that subquery.</summary>
internal static class AggregateFinder
{
    public static bool HasAggregate(SelectQuery query) =>
        (query.Select.Value is { } value && HasAggregate(value))
        || query.Select.List.Any(item => HasAggregate(item.Value))
        || query.OrderBy.Any(item => HasAggregate(item.Value));

    public static bool HasAggregate(Expression expression) => expression switch
    {
        FunctionCall call => Aggregate.Find(call.Name) is not null || call.Arguments.Any(HasAggregate),
        PropertyAccess property => HasAggregate(property.Target),
        IndexAccess index => HasAggregate(index.Target) || HasAggregate(index.Index),
        UnaryExpression unary => HasAggregate(unary.Operand),
        BinaryExpression binary => HasAggregate(binary.Left) || HasAggregate(binary.Right),
        ConditionalExpression conditional =>
            HasAggregate(conditional.Condition) || HasAggregate(conditional.Then) || HasAggregate(conditional.Else),
        BetweenExpression between => HasAggregate(between.Operand) || HasAggregate(between.Low) || HasAggregate(between.High),
        InExpression list => HasAggregate(list.Operand) || list.List.Any(HasAggregate),
        LikeExpression like => HasAggregate(like.Operand) || HasAggregate(like.Pattern),
        ArrayLiteral array => array.Items.Any(HasAggregate),
        ObjectLiteral value => value.Members.Any(member => HasAggregate(member.Value)),
        _ => false,
    };
}
