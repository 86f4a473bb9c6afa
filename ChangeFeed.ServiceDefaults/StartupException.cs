namespace ChangeFeed.ServiceDefaults;

/// <summary>A service cannot start; the message is all its user needs.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
