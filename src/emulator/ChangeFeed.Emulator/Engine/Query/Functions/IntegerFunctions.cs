using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>64-bit integer arithmetic; it wraps around, and is undefined for anything that is not an integer.</summary>
internal static class IntegerFunctions
{
    public static readonly Function[] All =
    [
        Of("INTADD", (a, b) => unchecked(a + b)),
        Of("INTSUB", (a, b) => unchecked(a - b)),
        Of("INTMUL", (a, b) => unchecked(a * b)),
        Of("INTDIV", (a, b) => b == 0 ? null : b == -1 ? unchecked(-a) : a / b),
        Of("INTMOD", (a, b) => b == 0 ? null : b == -1 ? 0 : a % b),
        Of("INTBITAND", (a, b) => a & b),
        Of("INTBITOR", (a, b) => a | b),
        Of("INTBITXOR", (a, b) => a ^ b),
        Of("INTBITLEFTSHIFT", (a, b) => a << (int)b),
        Of("INTBITRIGHTSHIFT", (a, b) => a >> (int)b),
        Function.Of("INTBITNOT", v => v.TryGetInteger(out var a) ? (~a).ToValue() : Value.Undefined),
    ];

    private static Function Of(string name, Func<long, long, long?> body) => Function.Of(name, (x, y) =>
        x.TryGetInteger(out var a) && y.TryGetInteger(out var b) && body(a, b) is { } result ? result.ToValue() : Value.Undefined);
}
