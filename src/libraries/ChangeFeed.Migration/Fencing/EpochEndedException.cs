namespace ChangeFeed.Migration.Fencing;

/// <summary>
/// An operation ended when its epoch was over, or could not be told to be still running: it may or may not have happened before the switch, and counts
/// as not acknowledged. Do it again; it then goes to the container that serves.
/// </summary>
/// <param name="message">What happened.</param>
/// <param name="inner">What the operation itself said; null where it said it was done.</param>
public sealed class EpochEndedException(string message, Exception? inner = null) : Exception(message, inner);
