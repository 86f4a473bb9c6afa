namespace Orders.Archive.Cooling;

/// <summary>Streams cannot be moved as things are; the message says why, and what to do.</summary>
/// <param name="message">One sentence.</param>
public sealed class CoolingException(string message) : Exception(message);
