namespace ChangeFeed.Projections;

/// <summary>A command cannot be carried out; the message is all its user needs.</summary>
public sealed class ViewCommandException(string message, Exception? cause = null) : Exception(message, cause);
