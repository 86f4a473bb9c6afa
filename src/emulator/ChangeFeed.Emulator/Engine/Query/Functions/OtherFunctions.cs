using System.Buffers.Binary;
using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

internal static class OtherFunctions
{
    private static readonly PropertyName Rid = new("_rid");

    public static readonly Function[] All =
    [
        new("IIF", 3, 3, a => new ConditionalNode(a[0], a[1], a[2])),

        Function.Of("DOCUMENTID", document => Number(document.GetProperty(Rid))),

        // Only in rewritten queries: the document a row comes from, where no alias stands for the document itself.
        Function.OfFrame("_DOCUMENT_RID", frame => frame.Slots[Frame.Document].GetProperty(Rid)),
    ];

    /// <summary>The number of a document in its container: the last 8 of the 16 bytes of its rid.</summary>
    private static Value Number(Value rid)
    {
        Span<byte> bytes = stackalloc byte[16];
        return rid.IsString && Convert.TryFromBase64String(rid.AsString().Replace('-', '/'), bytes, out var length) && length == bytes.Length
            ? Value.Of((double)BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]))
            : Value.Undefined;
    }
}
