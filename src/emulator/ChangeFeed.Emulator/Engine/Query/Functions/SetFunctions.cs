using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>Arrays as sets: results hold no element twice.</summary>
internal static class SetFunctions
{
    public static readonly Function[] All =
    [
        Of("SETINTERSECT", (a, b) => Value.Of(Distinct(b, Hashes(a).Contains))),
        Of("SETUNION", (a, b) => Value.Of(Distinct(a.Items().Concat(b.Items()), _ => true))),
        Of("SETDIFFERENCE", (a, b) =>
        {
            var without = Hashes(b);
            return Value.Of(Distinct(a, hash => !without.Contains(hash)));
        }),
        Of("SETEQUAL", (a, b) => Value.Of(Hashes(a).SetEquals(Hashes(b)))),
    ];

    private static Function Of(string name, Func<Value, Value, Value> body) =>
        Function.Of(name, (a, b) => a.IsArray && b.IsArray ? body(a, b) : Value.Undefined);

    private static HashSet<Hash128> Hashes(in Value array) => [.. array.Items().Select(item => ValueHash.Of(item))];

    private static List<Value> Distinct(in Value array, Predicate<Hash128> wanted) => Distinct(array.Items(), wanted);

    private static List<Value> Distinct(IEnumerable<Value> items, Predicate<Hash128> wanted)
    {
        var seen = new HashSet<Hash128>();
        return [.. items.Where(item => ValueHash.Of(item) is var hash && wanted(hash) && seen.Add(hash))];
    }
}
