using Orders.ReadModels;

namespace Orders.Cache;

/// <summary>The latest orders of a customer.</summary>
/// <param name="Orders">The latest first.</param>
/// <param name="HasMore">Whether the customer has older ones.</param>
public sealed record LatestOrders(IReadOnlyList<OrderStatusDocument> Orders, bool HasMore)
{
    /// <summary>Which orders the latest are; null where the set does not have all of them. Pure.</summary>
    /// <param name="members">The set: orders, and from when on it has all; the highest score first.</param>
    /// <param name="count">How many are wanted.</param>
    internal static (IReadOnlyList<string> Ids, bool HasMore)? Choose(IReadOnlyList<(string Member, long Score)> members, int count)
    {
        if (members.FirstOrDefault(member => member.Member == LatestOrdersScripts.From) is not { Member: not null } from)
            return null;
        var known = members.Where(member => member.Member != LatestOrdersScripts.From && member.Score > from.Score).ToList();
        var isAll = from.Score == LatestOrdersScripts.Everything;
        if (known.Count < count)
            return isAll ? (known.ConvertAll(order => order.Member), false) : null;
        // Of two of the same moment one would be on this page and the other on none.
        if (known.Count > count && known[count - 1].Score == known[count].Score)
            return null;
        return ([.. known.Take(count).Select(order => order.Member)], known.Count > count || !isAll);
    }
}
