namespace ChangeFeed.MassTransit;

/// <summary>An endpoint cannot be moved to what was asked for, for a reason that is the caller's.</summary>
/// <param name="field">Which part of the wish is wrong: <c>name</c>, <c>time</c>, <c>event</c> or <c>partition</c>.</param>
/// <param name="message">What is wrong with it, in a sentence.</param>
public sealed class PositionException(string field, string message) : Exception(message)
{
    /// <summary>Which part of the wish is wrong: <c>name</c>, <c>time</c>, <c>event</c> or <c>partition</c>.</summary>
    public string Field { get; } = field;
}
