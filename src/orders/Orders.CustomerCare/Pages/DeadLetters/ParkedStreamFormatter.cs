using ChangeFeed.MassTransit;
using Orders.CustomerCare.OrderDetails;
using Orders.CustomerCare.Pages.Parts;

namespace Orders.CustomerCare.Pages.DeadLetters;

/// <summary>What is wrong with a parked stream, in a sentence or two.</summary>
internal static class ParkedStreamFormatter
{
    public static string Of(ParkedStream stream, IReadOnlyList<DeadLetter> letters, DateTimeOffset now)
    {
        var waiting = letters.Where(letter => letter.Status == DeadLetterStatus.Waiting).ToList();
        if (stream.Status != ParkedStreamStatus.Parked || waiting.Count == 0)
            return $"Nothing waits: the order is not parked at {stream.Endpoint}.";
        var first = waiting[0];
        return $"{stream.Endpoint} could not handle event {first.Version} ({ValueFormatter.Name(first.Type)}): {Sentence(first.Error?.Message ?? stream.Error ?? "nobody knows why")} "
            + $"Tried {ValueFormatter.Count(first.Attempts, "time", "times")}, last {OrderProblem.Ago(first.FailedAt ?? first.At, now)}. {Behind(waiting.Count - 1)}";
    }

    /// <summary>The first line of a message, as a sentence.</summary>
    public static string Sentence(string message) => OrderProblem.FirstSentence(message);

    private static string Behind(int count) => count switch
    {
        0 => "Nothing waits behind it.",
        1 => "One later event waits behind it.",
        _ => $"{count} later events wait behind it.",
    };
}
