using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

internal static class ArrayFunctions
{
    public static readonly Function[] All =
    [
        Function.Of(
            "ARRAY_CONCAT", 2, int.MaxValue, a => a.All(v => v.IsArray) ? Value.Of([.. a.SelectMany(v => v.Items())]) : Value.Undefined),
        Function.Of("ARRAY_CONTAINS", 2, 3, Contains),
        Function.Of("ARRAY_CONTAINS_ANY", 2, int.MaxValue, a => ContainsSeveral(a, true)),
        Function.Of("ARRAY_CONTAINS_ALL", 2, int.MaxValue, a => ContainsSeveral(a, false)),
        Function.Of("ARRAY_LENGTH", v => v.IsArray ? Value.Of(v.Items().Count()) : Value.Undefined),
        Function.Of("ARRAY_SLICE", 2, 3, Slice),
        Numbers("ARRAY_SUM", numbers => numbers.Sum()),
        Numbers("ARRAY_AVG", numbers => numbers.Average()),
        Numbers("ARRAY_MEDIAN", Median),
        Extreme("ARRAY_MIN", -1),
        Extreme("ARRAY_MAX", 1),
        Function.Of("CHOOSE", 2, int.MaxValue, a =>
            a[0].TryGetInteger(out var index) && index >= 1 && index < a.Length ? a[index] : Value.Undefined),
        Function.Of("OBJECTTOARRAY", 1, 3, ObjectToArray),
    ];

    private static Value Contains(Value[] a)
    {
        if (!a[0].IsArray || a[1].IsUndefined || a.Flag(2) is not { } partial)
            return Value.Undefined;
        foreach (var item in a[0].Items())
        {
            if (partial ? IsPart(a[1], item) : ValueOrder.AreEqual(a[1], item))
                return Value.True;
        }
        return Value.False;
    }

    /// <summary>An object is part of another that has all its members, an array of one as long; other values must be equal.</summary>
    private static bool IsPart(in Value part, in Value whole)
    {
        if (part.IsArray && whole.IsArray)
        {
            var (parts, wholes) = (part.ItemList(), whole.ItemList());
            return parts.Count == wholes.Count && parts.Zip(wholes).All(pair => IsPart(pair.First, pair.Second));
        }
        if (!part.IsObject || !whole.IsObject)
            return ValueOrder.AreEqual(part, whole);
        foreach (var (name, member) in part.Members())
        {
            if (!IsPart(member, whole.GetProperty(new PropertyName(name))))
                return false;
        }
        return true;
    }

    /// <summary>Any or all of several values, with the three-valued logic of OR and AND.</summary>
    private static Value ContainsSeveral(Value[] a, bool any)
    {
        if (!a[0].IsArray)
            return Value.Undefined;
        var items = a[0].ItemList();
        foreach (var wanted in a.Skip(1))
        {
            if (!wanted.IsUndefined && items.Any(item => ValueOrder.AreEqual(item, wanted)) == any)
                return Value.Of(any);
        }
        return a.Any(value => value.IsUndefined) ? Value.Undefined : Value.Of(!any);
    }

    private static Value Slice(Value[] a)
    {
        var length = long.MaxValue;
        if (!a[0].IsArray || !a[1].TryGetInteger(out var start) || (a.Length > 2 && !a[2].TryGetInteger(out length)))
            return Value.Undefined;
        var items = a[0].ItemList();
        var from = (int)Math.Clamp(start < 0 ? items.Count + start : start, 0, items.Count);
        var count = (int)Math.Clamp(length, 0, items.Count - from);
        return Value.Of([.. items.Skip(from).Take(count)]);
    }

    private static Function Numbers(string name, Func<IReadOnlyList<double>, double> body) => Function.Of(name, list =>
    {
        if (!list.IsArray)
            return Value.Undefined;
        var items = list.ItemList();
        return items.Count > 0 && items.All(item => item.IsNumber)
            ? Value.Of(body([.. items.Select(item => item.AsNumber())]))
            : Value.Undefined;
    });

    private static double Median(IReadOnlyList<double> numbers)
    {
        var sorted = numbers.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static Function Extreme(string name, int direction) => Function.Of(name, list =>
    {
        var extreme = Value.Undefined;
        foreach (var item in list.Items())
        {
            if (item.Kind >= ValueKind.Array)
                return Value.Undefined;
            if (extreme.IsUndefined || Math.Sign(ValueOrder.Compare(item, extreme)) == direction)
                extreme = item;
        }
        return extreme;
    });

    private static Value ObjectToArray(Value[] a)
    {
        if (!a[0].IsObject || a.Skip(1).Any(name => !name.IsUndefined && !name.IsString))
            return Value.Undefined;
        var key = a.Length > 1 && a[1].IsString ? a[1].AsString() : "k";
        var value = a.Length > 2 && a[2].IsString ? a[2].AsString() : "v";
        return Value.Of([.. a[0].Members().Select(member =>
        {
            var pair = new ObjectValue(2);
            pair.Add(key, Value.Of(member.Key));
            pair.Add(value, member.Value);
            return Value.Of(pair);
        })]);
    }
}
