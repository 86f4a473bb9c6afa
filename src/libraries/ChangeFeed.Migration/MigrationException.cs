namespace ChangeFeed.Migration;

/// <summary>What was asked for cannot be done as things are: one sentence that says what to do.</summary>
/// <param name="message">The sentence.</param>
public sealed class MigrationException(string message) : Exception(message);
