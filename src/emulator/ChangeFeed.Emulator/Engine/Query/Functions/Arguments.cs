using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>How functions read their arguments and give integers back.</summary>
internal static class Arguments
{
    private const double ExactLimit = 9007199254740992;

    /// <summary>The value as a 64-bit integer, if it is one; a document's digits are read exactly.</summary>
    public static bool TryGetInteger(this in Value value, out long integer)
    {
        integer = 0;
        if (!value.IsNumber)
            return false;
        if (value.TryGetRaw(out var raw) && Utf8Parser.TryParse(raw.Span, out integer, out var read) && read == raw.Length)
            return true;
        var number = value.AsNumber();
        if (number != Math.Truncate(number) || number is < long.MinValue or >= 9223372036854775808.0)
            return false;
        integer = (long)number;
        return true;
    }

    /// <summary>An integer: beyond the exact range of a double it is kept as text, so that no digit is lost.</summary>
    public static Value ToValue(this long integer) => Math.Abs((double)integer) <= ExactLimit
        ? Value.Of((double)integer)
        : Value.FromJson(Encoding.ASCII.GetBytes(integer.ToString(CultureInfo.InvariantCulture)));

    /// <summary>An optional boolean, for example the ignore-case argument; false when it is missing, null when it is no boolean.</summary>
    public static bool? Flag(this Value[] arguments, int index) =>
        arguments.Length <= index ? false : arguments[index].IsBoolean ? arguments[index].IsTrue : null;

    public static bool AllStrings(this Value[] arguments, int from = 0)
    {
        for (var i = from; i < arguments.Length; i++)
        {
            if (!arguments[i].IsString)
                return false;
        }
        return true;
    }
}
