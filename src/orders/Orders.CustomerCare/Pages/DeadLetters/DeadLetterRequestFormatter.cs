using ChangeFeed.MassTransit;
using Orders.CustomerCare.Pages.Parts;

namespace Orders.CustomerCare.Pages.DeadLetters;

/// <summary>What was asked for a parked stream and what came of it, in words.</summary>
internal static class DeadLetterRequestFormatter
{
    public static string Of(DeadLetterRequest request)
    {
        var asked = $"{request.By} asked for a {request.Action.ToString().ToLowerInvariant()}{(request.Reason is null ? "" : $" ({request.Reason})")}";
        var done = request.Action == DeadLetterAction.Replay ? "handled" : "discarded";
        return request.Status switch
        {
            DeadLetterRequestStatus.Open => $"{asked}; {request.Endpoint} has not finished it yet, it looks every few seconds.",
            DeadLetterRequestStatus.Done => $"{asked}: {ValueFormatter.Count(request.Settled, "event", "events")} {done}. {request.Outcome}",
            _ => $"{asked}, which did not work. {request.Outcome}",
        };
    }

    public static string ToneOf(DeadLetterRequest request) => request.Status switch
    {
        DeadLetterRequestStatus.Open => "tone-going",
        DeadLetterRequestStatus.Done => "tone-good",
        _ => "tone-bad",
    };
}
