using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>Type checks: the only functions that are defined for undefined.</summary>
internal static class TypeFunctions
{
    public static readonly Function[] All =
    [
        Is("IS_DEFINED", v => !v.IsUndefined),
        Is("IS_NULL", v => v.Kind == ValueKind.Null),
        Is("IS_BOOL", v => v.IsBoolean),
        Is("IS_BOOLEAN", v => v.IsBoolean),
        Is("IS_NUMBER", v => v.IsNumber),
        Is("IS_INTEGER", v => v.TryGetInteger(out _)),
        Is("IS_FINITE_NUMBER", v => v.IsNumber && double.IsFinite(v.AsNumber())),
        Is("IS_STRING", v => v.IsString),
        Is("IS_ARRAY", v => v.IsArray),
        Is("IS_OBJECT", v => v.IsObject),
        Is("IS_PRIMITIVE", v => v.Kind is > ValueKind.Undefined and < ValueKind.Array),
        Is("IS_DATETIME", v => v.IsString && Moment.TryParse(v.AsString(), out _)),
    ];

    private static Function Is(string name, Func<Value, bool> test) => Function.Of(name, v => Value.Of(test(v)));
}
