using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

internal static class OtherFunctions
{
    private static readonly PropertyName Rid = new("_rid");

    public static readonly Function[] All =
    [
        new("IIF", 3, 3, a => new ConditionalNode(a[0], a[1], a[2])),

        // Only in rewritten queries: the document a row comes from, where no alias stands for the document itself.
        Function.OfFrame("_DOCUMENT_RID", frame => frame.Slots[Frame.Document].GetProperty(Rid)),
    ];
}
