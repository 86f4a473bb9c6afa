namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>Equality and order of values.</summary>
internal static class ValueOrder
{
    /// <summary>Deep equality; property order does not matter. Undefined equals undefined here.</summary>
    public static bool AreEqual(in Value left, in Value right)
    {
        if (left.Kind != right.Kind)
            return false;
        return left.Kind switch
        {
            ValueKind.Number => left.AsNumber() == right.AsNumber(),
            ValueKind.String => CompareStrings(left, right) == 0,
            ValueKind.Array => ArraysAreEqual(left, right),
            ValueKind.Object => ObjectsAreEqual(left, right),
            _ => true,
        };
    }

    private static bool ArraysAreEqual(in Value left, in Value right)
    {
        using var a = left.Items().GetEnumerator();
        using var b = right.Items().GetEnumerator();
        while (a.MoveNext())
        {
            if (!b.MoveNext() || !AreEqual(a.Current, b.Current))
                return false;
        }
        return !b.MoveNext();
    }

    private static bool ObjectsAreEqual(in Value left, in Value right)
    {
        var members = new Dictionary<string, Value>();
        foreach (var (name, value) in right.Members())
            members[name] = value;
        var count = 0;
        foreach (var (name, value) in left.Members())
        {
            if (!members.TryGetValue(name, out var other) || !AreEqual(value, other))
                return false;
            count++;
        }
        return count == members.Count;
    }

    /// <summary>The order of ORDER BY over all kinds of values; arrays and objects by their hash, as the clients order them.</summary>
    public static int Compare(in Value left, in Value right)
    {
        if (left.Kind != right.Kind)
            return left.Kind - right.Kind;
        return left.Kind switch
        {
            ValueKind.Number => left.AsNumber().CompareTo(right.AsNumber()),
            ValueKind.String => CompareStrings(left, right),
            ValueKind.Array or ValueKind.Object => ValueHash.Of(left).CompareTo(ValueHash.Of(right)),
            _ => 0,
        };
    }

    /// <summary>Strings by UTF-16 code unit, as the clients that merge partitions compare them.</summary>
    public static int CompareStrings(in Value left, in Value right)
    {
        if (left.TryGetUtf8(out var a) && right.TryGetUtf8(out var b))
            return CompareUtf8(a, b);
        return string.CompareOrdinal(left.AsString(), right.AsString());
    }

    private static int CompareUtf8(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var at = left.CommonPrefixLength(right);
        if (at == left.Length || at == right.Length)
            return left.Length - right.Length;
        // UTF-8 and UTF-16 disagree in one case only: four-byte characters (surrogate pairs, D800…) against U+E000…U+FFFF.
        var (a, b) = (left[at], right[at]);
        if (a >= 0xEE && b >= 0xEE && (a >= 0xF0) != (b >= 0xF0))
            return b - a;
        return a - b;
    }
}
