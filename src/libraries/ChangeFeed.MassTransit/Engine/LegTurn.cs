using System.Text.Json;

namespace ChangeFeed.MassTransit.Engine;

/// <summary>
/// The turn in which a leg is read. What was carried to it in a later turn was written on the other leg before anything that follows in its stream: a
/// lease is read up to there, and goes on from there in its next turn.
/// </summary>
/// <param name="Number">The turn.</param>
/// <param name="CarriedIn">The turn in which a document was carried from the other leg; null of one that was written here.</param>
internal sealed record LegTurn(long Number, Func<JsonElement, long?> CarriedIn)
{
    /// <summary>Ends when a lease met the end of the turn: a later one has begun, whether the route is known to have it or not.</summary>
    public TaskCompletionSource EndMet { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a document is to be left out, was written in this turn, or ends it.</summary>
    public TurnPlace PlaceOf(JsonElement document) => CarriedIn(document) switch
    {
        null => TurnPlace.Here,
        { } turn when turn > Number => TurnPlace.Behind,
        _ => TurnPlace.Elsewhere,
    };
}

/// <summary>Where a document of a leg was written, seen from a turn.</summary>
internal enum TurnPlace
{
    /// <summary>On this leg.</summary>
    Here,

    /// <summary>On the other leg, before.</summary>
    Elsewhere,

    /// <summary>On the other leg, in a later turn.</summary>
    Behind,
}
