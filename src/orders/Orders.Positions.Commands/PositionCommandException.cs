namespace Orders.Positions.Commands;

/// <summary>What was asked for cannot be done, for a reason that is the caller's: one sentence.</summary>
/// <param name="message">The sentence.</param>
internal sealed class PositionCommandException(string message) : Exception(message);
