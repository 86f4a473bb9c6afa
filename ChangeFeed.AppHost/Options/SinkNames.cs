namespace ChangeFeed.AppHost.Options;

/// <summary>The sinks that can be chosen.</summary>
internal static class SinkNames
{
    public const string Search = "search";
    public const string Cache = "cache";
    public const string Archive = "archive";
    public const string Bus = "bus";
    public const string EventHubs = "event-hubs";
    public const string AzureSearch = "azure-search";

    public static IReadOnlyList<string> All { get; } = [Search, Cache, Archive, Bus, EventHubs, AzureSearch];

    /// <summary>Those that are nowhere unless a connection string of their name says where.</summary>
    public static IReadOnlyList<string> Bought { get; } = [EventHubs, AzureSearch];
}
