using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration;

namespace Orders.Hosting.Moving;

/// <summary>
/// Events for a container whose partition key is <c>/tenant,/streamId</c>. Whoever reads a stream must know its tenant, so it follows from the id of
/// the stream and from nothing in an event.
/// </summary>
public sealed class StreamTenants : IDocumentTransformation
{
    private const string Property = "tenant";
    private const int Tenants = 16;

    public string Name => "tenant";

    public Func<JsonObject, IEnumerable<JsonObject>>? Backward => document =>
    {
        document.Remove(Property);
        return [document];
    };

    /// <summary>The tenant of a stream.</summary>
    public static string Of(string streamId) => $"t{(uint)(ContentHash.Of(streamId) % Tenants):x}";

    public IEnumerable<JsonObject> Forward(JsonObject document)
    {
        if (document["streamId"] is JsonValue stream)
            document[Property] = Of(stream.GetValue<string>());
        return [document];
    }
}
