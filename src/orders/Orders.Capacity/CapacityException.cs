namespace Orders.Capacity;

/// <summary>Something typed is wrong; the message names it.</summary>
internal sealed class CapacityException(string message) : Exception(message);
