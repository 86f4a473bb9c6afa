namespace ChangeFeed.DeltaLake;

/// <summary>The table is not what it must be: its log is damaged, it needs a newer reader or writer, or what is to be written does not fit it.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">What was thrown.</param>
public sealed class DeltaTableException(string message, Exception? inner = null) : Exception(message, inner);
