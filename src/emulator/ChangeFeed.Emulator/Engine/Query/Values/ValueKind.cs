namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>The kinds of values, in the order in which ORDER BY sorts them.</summary>
internal enum ValueKind
{
    Undefined,
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}
