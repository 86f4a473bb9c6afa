using Azure.Identity;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;

namespace Orders.Outward;

/// <summary>Which event hub others are told by. Section <c>EventHubs</c>, and <c>ConnectionStrings:event-hubs</c>.</summary>
public sealed class EventHubsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "EventHubs";

    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "event-hubs";

    /// <summary>
    /// <c>Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…</c>, or only the name of a namespace, <c>NAME.servicebus.windows.net</c>: then
    /// the identity the process runs under is used. Empty where there is none.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The event hub.</summary>
    public string Hub { get; set; } = "order-events";

    /// <summary>Whether there is one.</summary>
    public bool IsSet => ConnectionString.Length > 0;

    /// <summary>Says what is wrong, naming the setting; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (Hub.Length == 0)
            yield return $"{Section}:Hub is empty; it must be the name of the event hub.";
        if (!IsSet)
            yield return $"ConnectionStrings:{ConnectionName} is not set: it must be the connection string of an Event Hubs namespace, or its host name.";
        else if (ConnectionString.Contains('=', StringComparison.Ordinal) ? Problem() is not null : Uri.CheckHostName(ConnectionString) != UriHostNameType.Dns)
            yield return $"ConnectionStrings:{ConnectionName} is neither a connection string of Event Hubs, Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…, "
                + "nor the host name of a namespace.";
        else if (ConnectionString.Contains('=', StringComparison.Ordinal)
            && EventHubsConnectionStringProperties.Parse(ConnectionString).EventHubName is { Length: > 0 } other && other != Hub)
            yield return $"ConnectionStrings:{ConnectionName} names the event hub '{other}', and {Section}:Hub '{Hub}': leave one out, or make them alike.";
    }

    /// <summary>What sends to the hub. A batch is tried again by the sink, so it fails at once here.</summary>
    /// <param name="generation">Which hub: a later generation has its number behind the name.</param>
    public EventHubProducerClient CreateProducer(int generation)
    {
        var hub = ChangeFeed.Sinks.Sink.NameOf(Hub, generation);
        var settings = new EventHubProducerClientOptions
        {
            RetryOptions = new EventHubsRetryOptions { MaximumRetries = 0, TryTimeout = TimeSpan.FromSeconds(10) },
        };
        if (!ConnectionString.Contains('=', StringComparison.Ordinal))
            return new EventHubProducerClient(ConnectionString, hub, new DefaultAzureCredential(), settings);
        return EventHubsConnectionStringProperties.Parse(ConnectionString).EventHubName is { Length: > 0 } named && named == hub
            ? new EventHubProducerClient(ConnectionString, settings)
            : new EventHubProducerClient(ConnectionString, hub, settings);
    }

    private string? Problem()
    {
        try
        {
            var parsed = EventHubsConnectionStringProperties.Parse(ConnectionString);
            return parsed.Endpoint is null || parsed.SharedAccessKey is null && parsed.SharedAccessSignature is null ? "incomplete" : null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
