namespace ChangeFeed.AppHost.Options;

/// <summary>A setting is wrong; the message names it and says what to do.</summary>
internal sealed class SettingException(string message) : Exception(message);
