namespace ChangeFeed.Sinks;

/// <summary>
/// The outside takes nothing at the moment: it does not answer, is full, or does not let us in. Nothing is put aside for it; what waits is
/// lag, and the endpoint says why.
/// </summary>
/// <param name="message">Which outside, and what it said.</param>
/// <param name="inner">What was thrown.</param>
public sealed class SinkUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The outside will never take a document, for what the document says. Its stream is parked; all others go on.</summary>
/// <param name="message">What the outside said.</param>
/// <param name="inner">What was thrown.</param>
public sealed class SinkRefusedException(string message, Exception? inner = null) : Exception(message, inner);
