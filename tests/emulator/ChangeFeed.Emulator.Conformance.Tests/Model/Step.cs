using FsCheck;
using FsCheck.Fluent;

namespace ChangeFeed.Emulator.Conformance.Tests.Model;

public enum Condition
{
    None,
    Current,
    Stale,
}

/// <summary>One thing a client does, or that happens to the endpoint.</summary>
public abstract record Step;

public abstract record ItemStep(string Key, string Id) : Step;

public sealed record Create(string Key, string Id, int N) : ItemStep(Key, Id);

public sealed record Upsert(string Key, string Id, int N, Condition IfMatch) : ItemStep(Key, Id);

public sealed record Replace(string Key, string Id, int N, Condition IfMatch) : ItemStep(Key, Id);

public sealed record Increment(string Key, string Id, Condition IfMatch) : ItemStep(Key, Id);

public sealed record Delete(string Key, string Id, Condition IfMatch) : ItemStep(Key, Id);

public sealed record Read(string Key, string Id) : ItemStep(Key, Id);

public sealed record Batch(string Key, ItemStep[] Steps) : Step
{
    public override string ToString() => $"Batch {Key} [{string.Join("; ", Steps.AsEnumerable())}]";
}

public sealed record Split(int Range) : Step;

public sealed record Restart : Step;

/// <summary>The process is killed and started again.</summary>
public sealed record Crash : Step;

public sealed record ReadFeed(int PageSize) : Step;

public static class Steps
{
    private static readonly Gen<string> Keys = Gen.Elements("a", "b", "c", "d");
    private static readonly Gen<string> Ids = Gen.Elements("1", "2", "3");
    private static readonly Gen<int> Numbers = Gen.Choose(0, 9);
    private static readonly Gen<Condition> Conditions = Gen.Frequency(
        (4, Gen.Constant(Condition.None)), (1, Gen.Constant(Condition.Current)), (1, Gen.Constant(Condition.Stale)));

    private static Gen<ItemStep> Item(Gen<string> keys) => Gen.Frequency(
        (4, from key in keys from id in Ids from n in Numbers select (ItemStep)new Create(key, id, n)),
        (3, from key in keys
            from id in Ids
            from n in Numbers
            from condition in Conditions
            select (ItemStep)new Upsert(
            key, id, n, condition)),
        (2, from key in keys
            from id in Ids
            from n in Numbers
            from condition in Conditions
            select (ItemStep)new Replace(
            key, id, n, condition)),
        (2, from key in keys from id in Ids from condition in Conditions select (ItemStep)new Increment(key, id, condition)),
        (2, from key in keys from id in Ids from condition in Conditions select (ItemStep)new Delete(key, id, condition)),
        (1, from key in keys from id in Ids select (ItemStep)new Read(key, id)));

    private static readonly Gen<Step> Batches =
        from key in Keys
        from size in Gen.Choose(1, 4)
        from steps in Item(Gen.Constant(key)).ArrayOf(size)
        select (Step)new Batch(key, steps);

    /// <summary>Sequences of steps; restarts are rare because each takes a while.</summary>
    public static Arbitrary<Step[]> Sequences() => Gen.Frequency(
        (30, Item(Keys).Select(step => (Step)step)),
        (6, Batches),
        (2, Gen.Choose(0, 6).Select(range => (Step)new Split(range))),
        (4, Gen.Choose(1, 3).Select(size => (Step)new ReadFeed(size))),
        (1, Gen.Elements(new Restart(), (Step)new Crash()))).ArrayOf(60).ToArbitrary();
}
