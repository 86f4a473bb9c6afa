namespace ChangeFeed.Emulator;

/// <summary>The emulator cannot start; the message is one sentence that says why and what to do.</summary>
public sealed class EmulatorStartException(string message, Exception? inner = null) : Exception(message, inner);
