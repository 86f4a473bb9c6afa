namespace OrderPipeline.AppHost.Launcher;

/// <summary>The application cannot start; the message is the sentence to print.</summary>
sealed class LaunchException(string message) : Exception(message);
