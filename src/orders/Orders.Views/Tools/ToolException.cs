namespace Orders.Views.Tools;

/// <summary>A command cannot be carried out; the message is all its user needs.</summary>
public sealed class ToolException(string message) : Exception(message);
