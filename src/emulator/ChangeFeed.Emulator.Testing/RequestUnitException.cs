namespace ChangeFeed.Emulator.Testing;

/// <summary>Something has cost more request units than it may; the message says which container was charged how much.</summary>
public sealed class RequestUnitException(string message) : Exception(message);
