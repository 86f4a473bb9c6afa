using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>The present: by the clock, or for the STATIC forms as it was when the query began.</summary>
internal static class ClockFunctions
{
    public static readonly Function[] All =
    [
        Function.OfFrame("GETCURRENTDATETIME", frame => Moment.ToValue(frame.Now.UtcDateTime)),
        Function.OfFrame("GETCURRENTDATETIMESTATIC", frame => Moment.ToValue(frame.Began.UtcDateTime)),
        Function.OfFrame("GETCURRENTTIMESTAMP", frame => Value.Of(frame.Now.ToUnixTimeMilliseconds())),
        Function.OfFrame("GETCURRENTTIMESTAMPSTATIC", frame => Value.Of(frame.Began.ToUnixTimeMilliseconds())),
        Function.OfFrame("GETCURRENTTICKS", frame => Moment.UnixTicks(frame.Now.UtcDateTime).ToValue()),
        Function.OfFrame("GETCURRENTTICKSSTATIC", frame => Moment.UnixTicks(frame.Began.UtcDateTime).ToValue()),
        new("AGO", 2, 2, arguments => new AgoNode(arguments[0], arguments[1])),
    ];

    private sealed class AgoNode(Node part, Node count) : Node
    {
        public override Value Evaluate(Frame frame) =>
            DateParts.Find(part.Evaluate(frame)) is { } unit && count.Evaluate(frame).TryGetInteger(out var number)
                ? DateTimeFunctions.Add(frame.Now.UtcDateTime, unit, -number)
                : Value.Undefined;
    }
}
