using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

internal static class MathFunctions
{
    public static readonly Function[] All =
    [
        Of("ABS", Math.Abs),
        Of("ACOS", Math.Acos),
        Of("ASIN", Math.Asin),
        Of("ATAN", Math.Atan),
        Of("ATN2", Math.Atan2),
        Of("CEILING", Math.Ceiling),
        Of("COS", Math.Cos),
        Of("COT", x => 1 / Math.Tan(x)),
        Of("DEGREES", x => x * 180 / Math.PI),
        Of("EXP", Math.Exp),
        Of("FLOOR", Math.Floor),
        new("LOG", 1, 2, a => a.Length == 1 ? Of("LOG", x => Math.Log(x)).Bind(a) : Of("LOG", (x, b) => Math.Log(x) / Math.Log(b)).Bind(a)),
        Of("LOG10", Math.Log10),
        Function.OfFrame("PI", _ => Value.Of(Math.PI)),
        Of("POWER", Math.Pow),
        Of("RADIANS", x => x * Math.PI / 180),
        Function.OfFrame("RAND", _ => Value.Of(Random.Shared.NextDouble())),
        Function.Of("ROUND", 1, 2, Round),
        Of("SIGN", x => Math.Sign(x)),
        Of("SIN", Math.Sin),
        Of("SQRT", Math.Sqrt),
        Of("SQUARE", x => x * x),
        Of("TAN", Math.Tan),
        Of("TRUNC", Math.Truncate),
        Function.Of("NUMBERBIN", 1, 2, NumberBin),
    ];

    private static Function Of(string name, Func<double, double> body) =>
        Function.Of(name, v => v.IsNumber ? Value.Of(body(v.AsNumber())) : Value.Undefined);

    private static Function Of(string name, Func<double, double, double> body) =>
        Function.Of(name, (a, b) => a.IsNumber && b.IsNumber ? Value.Of(body(a.AsNumber(), b.AsNumber())) : Value.Undefined);

    private static Value Round(Value[] arguments)
    {
        if (!arguments[0].IsNumber)
            return Value.Undefined;
        var number = arguments[0].AsNumber();
        if (arguments.Length == 1)
            return Value.Of(Math.Round(number, MidpointRounding.AwayFromZero));
        if (!arguments[1].TryGetInteger(out var digits))
            return Value.Undefined;
        // Through the power of ten as it stands: digits of the decimal text decide, not of the binary number.
        var scale = Math.Pow(10, Math.Abs((double)digits)); // of the least integer there is no absolute one
        if (digits > 0 && !double.IsFinite(number * scale))
            return arguments[0];
        return Value.Of(digits >= 0
            ? Math.Round(number * scale, MidpointRounding.AwayFromZero) / scale
            : Math.Round(number / scale, MidpointRounding.AwayFromZero) * scale);
    }

    private static Value NumberBin(Value[] arguments)
    {
        if (!arguments[0].IsNumber || (arguments.Length > 1 && !arguments[1].IsNumber))
            return Value.Undefined;
        var size = arguments.Length > 1 ? arguments[1].AsNumber() : 1;
        return size == 0 ? Value.Undefined : Value.Of(Math.Floor(arguments[0].AsNumber() / size) * size);
    }
}
